"""Rates as they were published, where channels sell, and the prices that creators agreed to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.prices.records import WHOLE_BPS, Asked, LocalPrice, Market, Rate

_IS_CURRENCY = Q(currency__regex=r"^[A-Z]{3}$")
_IS_COUNTRY = Q(country__regex=r"^([A-Z]{2})?$")


class RateRow(models.Model):
    """Written once a day and currency; another word for the same day replaces it, what was priced by it stays."""

    pk = models.CompositePrimaryKey("currency", "on")
    currency = models.CharField(max_length=3, db_collation="C")
    on = models.DateField()
    per_euro = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=40)  # "ecb", or the administrator's id

    class Meta:
        db_table = "prices_rate"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_euro__gt=0), name="prices_rate_positive"),
            models.CheckConstraint(condition=_IS_CURRENCY & ~Q(currency="EUR"), name="prices_rate_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.per_euro} {self.currency} a euro on {self.on}"

    def to_record(self) -> Rate:
        return Rate(self.currency, self.on, self.per_euro, self.source)


class MarketRow(models.Model):
    """That a channel sells in a currency, everywhere or in one country."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, blank=True)
    share_bps = models.IntegerField(default=WHOLE_BPS)
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "prices_market"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel_id", "currency", "country"], name="prices_market_once"),
            models.CheckConstraint(condition=_IS_CURRENCY & _IS_COUNTRY, name="prices_market_codes"),
            models.CheckConstraint(
                condition=Q(share_bps__gte=WHOLE_BPS // 100, share_bps__lte=5 * WHOLE_BPS), name="prices_market_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} in {self.currency} {self.country}"

    def to_record(self) -> Market:
        return Market(self.currency, self.country, self.share_bps)


class LocalPriceRow(models.Model):
    """One price of one thing that is sold ("offer:<id>") in one market, as its creator agreed to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=60)
    channel_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, blank=True)
    amount_minor = models.BigIntegerField()
    lesser_minor = models.BigIntegerField(null=True)  # a floor, an early or an introductory price
    agreed_by = models.UUIDField()
    agreed_at = models.DateTimeField()

    class Meta:
        db_table = "prices_local_price"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "currency", "country"], name="prices_local_price_once"),
            models.CheckConstraint(condition=_IS_CURRENCY & _IS_COUNTRY, name="prices_local_price_codes"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR), name="prices_local_price_amount"
            ),
            models.CheckConstraint(
                condition=Q(lesser_minor__isnull=True)
                | Q(lesser_minor__isnull=False, lesser_minor__gte=0, lesser_minor__lte=models.F("amount_minor")),
                name="prices_local_price_lesser",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["channel_id", "currency", "country"], name="prices_of_channel")]

    def __str__(self) -> str:
        return f"{self.subject} in {self.currency} {self.country}"

    def to_record(self) -> LocalPrice:
        lesser = None if self.lesser_minor is None else Money(self.lesser_minor, self.currency)
        return LocalPrice(self.currency, self.country, Asked(Money(self.amount_minor, self.currency), lesser))

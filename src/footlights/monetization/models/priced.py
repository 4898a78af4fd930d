"""A price as it was worked out, kept with what it was paid for."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from footlights.kernel.money import Money
from footlights.monetization.records import Breakdown, Tax


class Priced(models.Model):
    """The columns of a Breakdown. The database does the sum as well."""

    currency = models.CharField(max_length=3)
    list_minor = models.BigIntegerField()
    chosen_minor = models.BigIntegerField(null=True)  # what the buyer said, where that was theirs to say
    discount_minor = models.BigIntegerField(default=0)
    credit_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    tax_rate_bps = models.IntegerField(default=0)
    tax_place = models.CharField(max_length=6, blank=True)  # DE, CA-QC
    tax_name = models.CharField(max_length=40, blank=True)
    tax_inclusive = models.BooleanField(default=True)
    tax_reversed = models.BooleanField(default=False)  # the buyer owes it, so none is paid
    relief_minor = models.BigIntegerField(default=0)  # and what of it the price held is taken off
    amount_minor = models.BigIntegerField()  # what is paid
    borne_minor = models.BigIntegerField(default=0)  # of the discount, what the platform bears, without tax

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    amount_minor=Coalesce("chosen_minor", "list_minor")
                    - models.F("discount_minor")
                    - models.F("credit_minor")
                    - models.F("relief_minor")
                    + models.Case(
                        models.When(tax_inclusive=True, then=models.Value(0)),
                        default=models.F("tax_minor"),
                        output_field=models.BigIntegerField(),
                    )
                ),
                name="%(app_label)s_%(class)s_sum",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    list_minor__gte=0,
                    discount_minor__gte=0,
                    credit_minor__gte=0,
                    tax_minor__gte=0,
                    relief_minor__gte=0,
                    amount_minor__gte=models.F("tax_minor"),
                ),
                name="%(app_label)s_%(class)s_signs",
            ),
            models.CheckConstraint(
                condition=models.Q(borne_minor__gte=0, borne_minor__lte=models.F("discount_minor"))
                & (models.Q(borne_minor=0) | models.Q(amount_minor__gt=0)),
                name="%(app_label)s_%(class)s_borne",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_reversed=True, tax_minor=0) | models.Q(tax_reversed=False, relief_minor=0),
                name="%(app_label)s_%(class)s_reversed",
            ),
        ]

    @property
    def price(self) -> Money:
        return self.money(self.amount_minor)

    @property
    def net(self) -> Money:
        return self.money(self.amount_minor - self.tax_minor)

    @property
    def borne(self) -> Money:
        return self.money(self.borne_minor)

    @property
    def breakdown(self) -> Breakdown:
        return Breakdown(
            list_price=self.money(self.list_minor),
            chosen=None if self.chosen_minor is None else self.money(self.chosen_minor),
            discount=self.money(self.discount_minor),
            credit=self.money(self.credit_minor),
            tax=Tax(
                amount=self.money(self.tax_minor),
                rate_bps=self.tax_rate_bps,
                place=self.tax_place,
                name=self.tax_name,
                inclusive=self.tax_inclusive,
                is_reversed=self.tax_reversed,
                relief=self.money(self.relief_minor) if self.tax_reversed else None,
            ),
            total=self.price,
            borne=self.borne if self.borne_minor else None,
        )

    def money(self, amount_minor: int) -> Money:
        return Money(amount_minor, self.currency)


def columns_of(breakdown: Breakdown) -> dict[str, Any]:
    """What a Priced row keeps of it."""
    tax = breakdown.tax
    return {
        "currency": breakdown.total.currency,
        "list_minor": breakdown.list_price.amount_minor,
        "chosen_minor": None if breakdown.chosen is None else breakdown.chosen.amount_minor,
        "discount_minor": breakdown.discount.amount_minor,
        "credit_minor": breakdown.credit.amount_minor,
        "tax_minor": tax.amount.amount_minor,
        "tax_rate_bps": tax.rate_bps,
        "tax_place": tax.place,
        "tax_name": tax.name,
        "tax_inclusive": tax.inclusive,
        "tax_reversed": tax.is_reversed,
        "relief_minor": tax.relief.amount_minor if tax.relief else 0,
        "amount_minor": breakdown.total.amount_minor,
        "borne_minor": breakdown.borne.amount_minor if breakdown.borne else 0,
    }

"""What a title can be had for."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.monetization.records import Offer, OfferKind

KINDS = [(kind, kind) for kind in OfferKind]
COST_NOTHING = (OfferKind.FREE, OfferKind.MEMBERS)
IS_CURRENT = models.Q(withdrawn_at__isnull=True)


class OfferRow(models.Model):
    """Written once; withdrawn, never altered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=KINDS)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rent_start_within_days = models.SmallIntegerField(default=30)
    rent_watch_hours = models.SmallIntegerField(default=48)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    tier = models.SmallIntegerField(null=True)  # the lowest tier of members it is open to
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_offer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["title_id", "kind"], condition=IS_CURRENT, name="monetization_offer_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=COST_NOTHING, amount_minor=0)
                | (~models.Q(kind__in=COST_NOTHING) & models.Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR)),
                name="monetization_offer_price",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=OfferKind.MEMBERS, tier__gte=1)
                | (~models.Q(kind=OfferKind.MEMBERS) & models.Q(tier__isnull=True)),
                name="monetization_offer_tier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title_id}"

    @property
    def price(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def to_record(self) -> Offer:
        return Offer(
            id=self.id,
            title_id=self.title_id,
            kind=OfferKind(self.kind),
            price=self.price,
            rent_start_within_days=self.rent_start_within_days,
            rent_watch_hours=self.rent_watch_hours,
            tier=self.tier,
        )

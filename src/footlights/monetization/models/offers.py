"""What a title, a collection or a ticket to a broadcast can be had for."""

from typing import ClassVar
from uuid import UUID

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.monetization.records import EarlyPrice, NewOffer, Offer, OfferKind

KINDS = [(kind, kind) for kind in OfferKind]
COST_NOTHING = (OfferKind.FREE, OfferKind.MEMBERS, OfferKind.FOLLOWERS)
IS_CURRENT = models.Q(withdrawn_at__isnull=True)


def of_one_thing() -> models.Q:
    """A title in any way but by a ticket, a collection to keep, or a broadcast by a ticket."""
    nothing = {"title_id__isnull": True, "collection_id__isnull": True, "broadcast_id__isnull": True}
    return (
        models.Q(~models.Q(kind=OfferKind.TICKET), **nothing | {"title_id__isnull": False})
        | models.Q(kind=OfferKind.BUY, **nothing | {"collection_id__isnull": False})
        | models.Q(kind=OfferKind.TICKET, **nothing | {"broadcast_id__isnull": False})
    )


class OfferRow(models.Model):
    """Written once; withdrawn, never altered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title_id = models.UUIDField(null=True)
    collection_id = models.UUIDField(null=True)
    broadcast_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rent_start_within_days = models.SmallIntegerField(default=30)
    rent_watch_hours = models.SmallIntegerField(default=48)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    tier = models.SmallIntegerField(null=True)  # the lowest tier of members it is open to
    floor_minor = models.BigIntegerField(null=True)  # the buyer says what they pay, from this on
    early_minor = models.BigIntegerField(null=True)  # another price, in a window of time
    early_from = models.DateTimeField(null=True)
    early_until = models.DateTimeField(null=True)
    replay_days = models.SmallIntegerField(null=True)  # of a ticket; null: for ever
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_offer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["title_id", "kind"], condition=IS_CURRENT, name="monetization_offer_one_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["collection_id", "kind"], condition=IS_CURRENT, name="monetization_offer_one_of_a_collection"
            ),
            models.UniqueConstraint(
                fields=["broadcast_id"], condition=IS_CURRENT, name="monetization_offer_one_of_a_broadcast"
            ),
            models.CheckConstraint(condition=of_one_thing(), name="monetization_offer_of_one_thing"),
            models.CheckConstraint(
                condition=models.Q(replay_days__isnull=True) | models.Q(kind=OfferKind.TICKET, replay_days__gte=0),
                name="monetization_offer_replay",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=COST_NOTHING, amount_minor=0)
                | (~models.Q(kind__in=COST_NOTHING) & models.Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR)),
                name="monetization_offer_price",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=OfferKind.MEMBERS, tier__isnull=False, tier__gte=1)
                | (~models.Q(kind=OfferKind.MEMBERS) & models.Q(tier__isnull=True)),
                name="monetization_offer_tier",
            ),
            models.CheckConstraint(
                condition=models.Q(floor_minor__isnull=True)
                | models.Q(floor_minor__gte=0, floor_minor__lte=models.F("amount_minor"), early_minor__isnull=True),
                name="monetization_offer_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(early_minor__isnull=True, early_from__isnull=True, early_until__isnull=True)
                | models.Q(
                    models.Q(early_from__isnull=True) | models.Q(early_from__lt=models.F("early_until")),
                    early_minor__isnull=False,
                    early_minor__gt=0,
                    early_minor__lt=models.F("amount_minor"),
                    early_until__isnull=False,
                ),
                name="monetization_offer_early",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title_id or self.collection_id or self.broadcast_id}"

    @property
    def thing_id(self) -> UUID:
        """Of the title, the collection or the broadcast."""
        found = self.title_id or self.collection_id or self.broadcast_id
        assert found  # noqa: S101  the database holds one of the three
        return found

    @property
    def price(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def floor(self) -> Money | None:
        return None if self.floor_minor is None else Money(self.floor_minor, self.currency)

    @property
    def early(self) -> EarlyPrice | None:
        if self.early_minor is None or self.early_until is None:
            return None
        return EarlyPrice(Money(self.early_minor, self.currency), self.early_from, self.early_until)

    @property
    def terms(self) -> NewOffer:
        """What it was made from: two offers with the same terms are the same to everybody."""
        return NewOffer(OfferKind(self.kind), self.price, self.tier, self.floor, self.early, self.replay_days)

    def to_record(self) -> Offer:
        return Offer(
            id=self.id,
            title_id=self.title_id,
            kind=OfferKind(self.kind),
            price=self.price,
            rent_start_within_days=self.rent_start_within_days,
            rent_watch_hours=self.rent_watch_hours,
            tier=self.tier,
            floor=self.floor,
            early=self.early,
            collection_id=self.collection_id,
            broadcast_id=self.broadcast_id,
            replay_days=self.replay_days,
        )

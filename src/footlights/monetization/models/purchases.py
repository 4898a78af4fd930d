"""Who bought what, and what became of it."""

import uuid
from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.sealed_text import SealedTextField
from footlights.monetization.facets import Source
from footlights.monetization.models.offers import KINDS, OfferRow, of_one_thing
from footlights.monetization.models.priced import Priced
from footlights.monetization.records import OfferKind, Purchase, PurchaseState
from footlights.monetization.takings import Sale


class PurchaseRow(Priced):
    """One viewer's click on one offer, and what became of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    viewer_id = models.UUIDField()
    idempotency_key = models.CharField(max_length=200)
    offer = models.ForeignKey(OfferRow, on_delete=models.PROTECT, related_name="purchases")
    title_id = models.UUIDField(null=True)
    collection_id = models.UUIDField(null=True)
    broadcast_id = models.UUIDField(null=True)
    channel_id = models.UUIDField()  # who sold it, at that time
    kind = models.CharField(max_length=8, choices=KINDS)
    country = models.CharField(max_length=2, blank=True, default="")  # where the buyer was, as far as it was known
    source = models.CharField(max_length=8, blank=True, default="")  # a Source; empty of before it was asked
    fee_minor = models.BigIntegerField(null=True)  # what the platform kept; known once it is paid
    shared_minor = models.BigIntegerField(default=0)  # what of it went to collaborators
    # What of each went back to the buyer.
    refunded_minor = models.BigIntegerField(default=0)
    refunded_tax_minor = models.BigIntegerField(default=0)
    refunded_fee_minor = models.BigIntegerField(default=0)
    refunded_shared_minor = models.BigIntegerField(default=0)
    refunded_borne_minor = models.BigIntegerField(default=0)  # and what the platform no longer bears
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in PurchaseState], default=PurchaseState.PENDING
    )
    reason = models.CharField(max_length=300, blank=True)
    payment_id = models.UUIDField(null=True, unique=True)
    hosted_url = SealedTextField(blank=True, default="")
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)
    returning_at = models.DateTimeField(null=True)  # since then a refund is on its way

    class Meta(Priced.Meta):
        db_table = "monetization_purchase"
        constraints: ClassVar = [
            *Priced.Meta.constraints,
            models.UniqueConstraint(fields=["viewer_id", "idempotency_key"], name="monetization_purchase_key"),
            models.UniqueConstraint(
                fields=["viewer_id", "title_id"],
                condition=models.Q(state__in=[PurchaseState.PENDING, PurchaseState.UNKNOWN]),
                name="monetization_purchase_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["viewer_id", "collection_id"],
                condition=models.Q(state__in=[PurchaseState.PENDING, PurchaseState.UNKNOWN]),
                name="monetization_purchase_one_collection_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["viewer_id", "broadcast_id"],
                condition=models.Q(state__in=[PurchaseState.PENDING, PurchaseState.UNKNOWN]),
                name="monetization_purchase_one_ticket_at_a_time",
            ),
            models.CheckConstraint(condition=of_one_thing(), name="monetization_purchase_of_one_thing"),
            models.CheckConstraint(condition=models.Q(source__in=["", *Source]), name="monetization_purchase_source"),
            models.CheckConstraint(
                condition=models.Q(fee_minor__isnull=True, shared_minor=0)
                | models.Q(
                    fee_minor__isnull=False,
                    fee_minor__gte=0,
                    shared_minor__gte=0,
                    amount_minor__gte=models.F("tax_minor")
                    + models.F("fee_minor")
                    + models.F("shared_minor")
                    - models.F("borne_minor"),
                ),
                name="monetization_purchase_fee",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded_minor__gte=0, refunded_minor__lte=models.F("amount_minor")),
                name="monetization_purchase_refunded",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["viewer_id", "-created_at"], name="monetization_purchase_of"),
            models.Index(
                fields=["collection_id"],
                condition=models.Q(collection_id__isnull=False),
                name="monetization_purchase_all",
            ),
            models.Index(
                fields=["broadcast_id"],
                condition=models.Q(broadcast_id__isnull=False),
                name="monetization_purchase_tickets",
            ),
            models.Index(
                fields=["channel_id", "-paid_at"], condition=models.Q(paid_at__isnull=False), name="monetization_sale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id} by {self.viewer_id}"

    @property
    def thing_id(self) -> uuid.UUID:
        found = self.title_id or self.collection_id or self.broadcast_id
        assert found  # noqa: S101  the database holds one of the three
        return found

    @property
    def about(self) -> str:
        """What a journal says was sold."""
        of_other = f"collection:{self.collection_id}" if self.collection_id else f"event:{self.broadcast_id}"
        return f"title:{self.title_id}" if self.title_id else of_other

    def to_record(self) -> Purchase:
        return Purchase(
            id=self.id,
            viewer_id=self.viewer_id,
            title_id=self.title_id,
            channel_id=self.channel_id,
            offer_id=self.offer_id,
            kind=OfferKind(self.kind),
            price=self.price,
            breakdown=self.breakdown,
            state=PurchaseState(self.state),
            reason=self.reason,
            hosted_url=self.hosted_url,
            payment_id=self.payment_id,
            created_at=self.created_at,
            paid_at=self.paid_at,
            refunded=self.money(self.refunded_minor),
            collection_id=self.collection_id,
            broadcast_id=self.broadcast_id,
        )

    def to_sale(self) -> Sale:
        fee, shared = self.money(self.fee_minor or 0), self.money(self.shared_minor)
        kept_back = self.refunded_tax_minor + self.refunded_fee_minor + self.refunded_shared_minor
        gone = self.refunded_minor + self.refunded_borne_minor - kept_back
        net = self.breakdown.earned - fee - shared
        return Sale(
            purchase_id=self.id,
            title_id=self.title_id,
            kind=OfferKind(self.kind),
            price=self.price,
            tax=self.money(self.tax_minor),
            borne=self.borne,
            fee=fee,
            shared=shared,
            net=net,
            refunded=self.money(self.refunded_minor),
            left=net - self.money(gone),
            state=PurchaseState(self.state),
            at=self.paid_at or self.created_at,
            refunded_at=self.refunded_at,
            collection_id=self.collection_id,
            broadcast_id=self.broadcast_id,
        )

"""Who bought what, and what became of it."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.monetization.models.offers import KINDS, OfferRow
from footlights.monetization.records import OfferKind, Purchase, PurchaseState, Sale


class PurchaseRow(models.Model):
    """One viewer's click on one offer, and what became of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    viewer_id = models.UUIDField()
    idempotency_key = models.CharField(max_length=200)
    offer = models.ForeignKey(OfferRow, on_delete=models.PROTECT, related_name="purchases")
    title_id = models.UUIDField()
    channel_id = models.UUIDField()  # who sold it, at that time
    kind = models.CharField(max_length=8, choices=KINDS)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    fee_minor = models.BigIntegerField(null=True)  # what the platform kept; known once it is paid
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in PurchaseState], default=PurchaseState.PENDING
    )
    reason = models.CharField(max_length=300, blank=True)
    payment_id = models.UUIDField(null=True, unique=True)
    hosted_url = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_purchase"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["viewer_id", "idempotency_key"], name="monetization_purchase_key"),
            models.UniqueConstraint(
                fields=["viewer_id", "title_id"],
                condition=models.Q(state__in=[PurchaseState.PENDING, PurchaseState.UNKNOWN]),
                name="monetization_purchase_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(fee_minor__isnull=True)
                | models.Q(fee_minor__gte=0, fee_minor__lte=models.F("amount_minor")),
                name="monetization_purchase_fee",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["viewer_id", "-created_at"], name="monetization_purchase_of"),
            models.Index(
                fields=["channel_id", "-paid_at"], condition=models.Q(paid_at__isnull=False), name="monetization_sale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title_id} by {self.viewer_id}"

    @property
    def price(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def to_record(self) -> Purchase:
        return Purchase(
            id=self.id,
            viewer_id=self.viewer_id,
            title_id=self.title_id,
            channel_id=self.channel_id,
            offer_id=self.offer_id,
            kind=OfferKind(self.kind),
            price=self.price,
            state=PurchaseState(self.state),
            reason=self.reason,
            hosted_url=self.hosted_url,
            payment_id=self.payment_id,
            created_at=self.created_at,
        )

    def to_sale(self) -> Sale:
        fee = self.fee_minor or 0
        return Sale(
            purchase_id=self.id,
            title_id=self.title_id,
            kind=OfferKind(self.kind),
            price=self.price,
            fee=Money(fee, self.currency),
            net=Money(self.amount_minor - fee, self.currency),
            state=PurchaseState(self.state),
            at=self.paid_at or self.created_at,
            refunded_at=self.refunded_at,
        )

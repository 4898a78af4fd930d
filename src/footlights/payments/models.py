"""Payments, the story of each, the webhooks heard and the refunds asked for. No cards: those stay with the gateway."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.payments.records import Payment, PaymentEvent, PaymentState


class PaymentRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    idempotency_key = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=200, unique=True)  # whose payment it is, in the asker's words
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    return_path = models.CharField(max_length=500)
    state = models.CharField(
        max_length=12, choices=[(state, state) for state in PaymentState], default=PaymentState.OPENING
    )
    reason = models.CharField(max_length=300, blank=True)
    gateway = models.CharField(max_length=40)
    gateway_ref = models.CharField(max_length=200, blank=True)
    hosted_url = models.CharField(max_length=2000, blank=True)
    seen_amount_minor = models.BigIntegerField(null=True)  # what the gateway says was charged, when that differs
    seen_currency = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField()
    state_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)  # when the buyer came back from the hosted page
    next_check_at = models.DateTimeField(null=True)  # when the sweep asks the gateway; null when all is known
    checks = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "payments_payment"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR),
                name="payments_payment_amount",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(PaymentState)), name="payments_payment_state"),
            models.UniqueConstraint(
                fields=["gateway", "gateway_ref"],
                condition=~models.Q(gateway_ref=""),
                name="payments_payment_gateway_ref",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"], condition=models.Q(next_check_at__isnull=False), name="payments_payment_due"
            ),
            models.Index(fields=["-created_at"], name="payments_payment_newest"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def seen_amount(self) -> Money | None:
        return None if self.seen_amount_minor is None else Money(self.seen_amount_minor, self.seen_currency)

    def to_record(self) -> Payment:
        return Payment(
            id=self.id,
            reference=self.reference,
            amount=self.amount,
            description=self.description,
            state=PaymentState(self.state),
            reason=self.reason,
            seen_amount=self.seen_amount,
            hosted_url=self.hosted_url,
            gateway=self.gateway,
            gateway_ref=self.gateway_ref,
            created_at=self.created_at,
            state_at=self.state_at,
        )


class PaymentEventRow(models.Model):
    """A line of a payment's story."""

    payment = models.ForeignKey(PaymentRow, on_delete=models.PROTECT, related_name="story")
    at = models.DateTimeField()
    name = models.CharField(max_length=20)
    detail = models.CharField(max_length=500)

    class Meta:
        db_table = "payments_payment_event"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.detail

    def to_record(self) -> PaymentEvent:
        return PaymentEvent(at=self.at, name=self.name, detail=self.detail)


class GatewayEvent(models.Model):
    """A webhook that was the gateway's, kept once by its id. Nothing else it said is trusted."""

    gateway = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_gateway_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="payments_gateway_event_once")
        ]

    def __str__(self) -> str:
        return self.event_id


class Refund(models.Model):
    """That a payment's money shall go back. One for a payment, so that it goes back once."""

    payment = models.OneToOneField(PaymentRow, on_delete=models.PROTECT, related_name="refund")
    idempotency_key = models.CharField(max_length=200, unique=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_refund"
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=models.Q(done_at__isnull=True), name="payments_refund_due")
        ]

    def __str__(self) -> str:
        return self.idempotency_key

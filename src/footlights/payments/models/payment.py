"""Payments, the story of each, the refunds asked for and the webhooks heard."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.payments.models.method import MethodRow
from footlights.payments.records import Payment, PaymentEvent, PaymentState, Refund, RefundState


class PaymentRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    idempotency_key = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=200, unique=True)  # whose payment it is, in the asker's words
    payer_id = models.UUIDField(null=True)
    method = models.ForeignKey(MethodRow, null=True, on_delete=models.PROTECT, related_name="+")  # charged unattended
    saves_method = models.BooleanField(default=False)
    customer_ref = SealedTextField(blank=True, default="")  # the payer, in the gateway's words
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    return_path = models.CharField(max_length=500)
    state = models.CharField(
        max_length=12, choices=[(state, state) for state in PaymentState], default=PaymentState.OPENING
    )
    reason = models.CharField(max_length=300, blank=True)
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField(blank=True, default="")
    hosted_url = SealedTextField(blank=True, default="")
    seen_amount_minor = models.BigIntegerField(null=True)  # what the gateway says was charged, when that differs
    seen_currency = models.CharField(max_length=3, blank=True)
    needs_buyer = models.BooleanField(default=False)
    cost_minor = models.BigIntegerField(null=True)  # what the gateway keeps for itself, once it says so
    cost_currency = models.CharField(max_length=3, blank=True, default="")
    # Kept by a trigger on refunds (migration 0002), with the constraint below: never more than was charged.
    returning_minor = models.BigIntegerField(default=0)  # asked for or gone
    refunded_minor = models.BigIntegerField(default=0)  # gone
    created_at = models.DateTimeField()
    state_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)  # when the money came, whatever became of it since
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
            models.CheckConstraint(
                condition=models.Q(
                    refunded_minor__gte=0,
                    returning_minor__gte=models.F("refunded_minor"),
                    returning_minor__lte=Coalesce("seen_amount_minor", "amount_minor"),
                ),
                name="payments_payment_returns",
            ),
            models.UniqueConstraint(
                "gateway",
                IndexOf("gateway_ref"),
                condition=~models.Q(gateway_ref=""),
                name="payments_payment_gateway_ref",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"], condition=models.Q(next_check_at__isnull=False), name="payments_payment_due"
            ),
            models.Index(fields=["-created_at"], name="payments_payment_newest"),
            models.Index(
                fields=["captured_at"],
                include=["currency", "amount_minor", "payer_id"],
                condition=models.Q(captured_at__isnull=False),
                name="payments_payment_captured",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def seen_amount(self) -> Money | None:
        return None if self.seen_amount_minor is None else Money(self.seen_amount_minor, self.seen_currency)

    @property
    def charged_amount(self) -> Money:
        seen = self.seen_amount
        return self.amount if seen is None else seen

    @property
    def cost(self) -> Money | None:
        return None if self.cost_minor is None else Money(self.cost_minor, self.cost_currency)

    def to_record(self) -> Payment:
        return Payment(
            id=self.id,
            reference=self.reference,
            payer_id=self.payer_id,
            method_id=self.method_id,
            amount=self.amount,
            description=self.description,
            state=PaymentState(self.state),
            reason=self.reason,
            needs_buyer=self.needs_buyer,
            seen_amount=self.seen_amount,
            refunded=Money(self.refunded_minor, self.charged_amount.currency),
            cost=self.cost,
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
    event_id = SealedTextField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_gateway_event"
        constraints: ClassVar = [
            models.UniqueConstraint("gateway", IndexOf("event_id"), name="payments_gateway_event_once")
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class RefundRow(models.Model):
    """That some of a payment's money shall go back. Together never more than was charged: see PaymentRow."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # the key the gateway is asked with
    payment = models.ForeignKey(PaymentRow, on_delete=models.PROTECT, related_name="refunds")
    idempotency_key = models.CharField(max_length=200, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=[(state, state) for state in RefundState], default=RefundState.ASKED)
    gateway_ref = SealedTextField(blank=True, default="")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_refund"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="payments_refund_amount"),
            models.CheckConstraint(condition=models.Q(state__in=list(RefundState)), name="payments_refund_state"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state=RefundState.ASKED), name="payments_refund_asked"
            ),
            models.Index(fields=["done_at"], condition=models.Q(state=RefundState.DONE), name="payments_refund_done"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def to_record(self) -> Refund:
        return Refund(
            id=self.id,
            payment_id=self.payment_id,
            amount=self.amount,
            state=RefundState(self.state),
            asked_at=self.asked_at,
            done_at=self.done_at,
        )

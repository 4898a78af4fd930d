"""Where earnings are sent at a gateway, and what was sent there."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.payments.records import Destination, DestinationState, Payout, PayoutState


class DestinationRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    idempotency_key = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=200)  # whose it is, in the asker's words
    return_path = models.CharField(max_length=500)
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField(blank=True, default="")
    hosted_url = SealedTextField(blank=True, default="")
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in DestinationState], default=DestinationState.OPENING
    )
    label = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "payments_destination"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(DestinationState)), name="payments_destination_state"
            ),
            models.UniqueConstraint(
                "gateway",
                IndexOf("gateway_ref"),
                condition=~models.Q(gateway_ref=""),
                name="payments_destination_gateway_ref",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def to_record(self) -> Destination:
        return Destination(
            ref=str(self.id),
            reference=self.reference,
            state=DestinationState(self.state),
            hosted_url=self.hosted_url,
            label=self.label,
        )


class PayoutRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # the key the gateway is asked with
    idempotency_key = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=200, unique=True)  # whose payout it is, in the asker's words
    destination = models.ForeignKey(DestinationRow, on_delete=models.PROTECT, related_name="payouts")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=[(state, state) for state in PayoutState], default=PayoutState.ASKED)
    reason = models.CharField(max_length=300, blank=True)
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField(blank=True, default="")
    asked_at = models.DateTimeField()
    state_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True)  # when the sweep asks the gateway; null when all is known
    checks = models.SmallIntegerField(default=0)
    cost_minor = models.BigIntegerField(null=True)  # what the gateway asks for sending it, once it says so
    cost_currency = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        db_table = "payments_payout"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR),
                name="payments_payout_amount",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(PayoutState)), name="payments_payout_state"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"], condition=models.Q(next_check_at__isnull=False), name="payments_payout_due"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def cost(self) -> Money | None:
        return None if self.cost_minor is None else Money(self.cost_minor, self.cost_currency)

    def to_record(self) -> Payout:
        return Payout(
            id=self.id,
            reference=self.reference,
            destination_ref=str(self.destination_id),
            amount=self.amount,
            state=PayoutState(self.state),
            reason=self.reason,
            gateway=self.gateway,
            gateway_ref=self.gateway_ref,
            asked_at=self.asked_at,
            state_at=self.state_at,
        )

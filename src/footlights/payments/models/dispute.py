"""Disputes: what banks took back for their customers, until they decide."""

from typing import ClassVar

from django.db import models

from footlights.kernel import crypto
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.payments.models.payment import PaymentRow
from footlights.payments.records import Dispute, DisputeState


def evidence_context(dispute_id: object) -> str:
    return f"dispute-evidence:{dispute_id}"


class DisputeRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(PaymentRow, on_delete=models.PROTECT, related_name="disputes")
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    fee_minor = models.BigIntegerField(null=True)
    fee_currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in DisputeState], default=DisputeState.OPEN
    )
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    sealed_evidence = models.BinaryField(null=True)  # it names the buyer, so it is sealed
    answered_at = models.DateTimeField(null=True)  # when somebody approved it
    sent_at = models.DateTimeField(null=True)  # when the gateway had it
    closed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)  # when the gateway was last asked what became of it

    class Meta:
        db_table = "payments_dispute"
        constraints: ClassVar = [
            models.UniqueConstraint("gateway", IndexOf("gateway_ref"), name="payments_dispute_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payments_dispute_amount"),
            models.CheckConstraint(condition=models.Q(state__in=list(DisputeState)), name="payments_dispute_state"),
            models.CheckConstraint(
                condition=models.Q(state=DisputeState.OPEN) ^ models.Q(closed_at__isnull=False),
                name="payments_dispute_closed_or_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-opened_at"], name="payments_dispute_newest"),
            models.Index(
                fields=["answered_at"],
                condition=models.Q(answered_at__isnull=False, sent_at=None),
                name="payments_dispute_unsent",
            ),
            models.Index(
                fields=["opened_at"], condition=models.Q(state=DisputeState.OPEN), name="payments_dispute_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.gateway_ref)

    @property
    def evidence(self) -> str:
        """As it was handed in; empty while nothing was. Raises SealBrokenError."""
        sealed = self.sealed_evidence
        return crypto.unseal(bytes(sealed), context=evidence_context(self.pk)).decode() if sealed else ""

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money | None:
        return None if self.fee_minor is None else Money(self.fee_minor, self.fee_currency)

    def to_record(self) -> Dispute:
        return Dispute(
            id=self.id,
            payment_id=self.payment_id,
            amount=self.amount,
            fee=self.fee,
            reason=self.reason,
            state=DisputeState(self.state),
            opened_at=self.opened_at,
            answer_by=self.answer_by,
            answered_at=self.answered_at,
            closed_at=self.closed_at,
            gateway=self.gateway,
            gateway_ref=self.gateway_ref,
        )

"""Take in what a gateway says of a dispute."""

from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel import events
from footlights.kernel.ids import parse_id
from footlights.ledger.api import Posting, post_journal
from footlights.payments import policies
from footlights.payments.adapters.gateway import Contest, ContestStatus
from footlights.payments.causes import dispute_cause
from footlights.payments.errors import GatewayUnreachableError
from footlights.payments.events import DisputeClosed, DisputeOpened
from footlights.payments.models import DisputeRow, PaymentRow
from footlights.payments.operations.record_truth import SUSPENSE
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import DisputeState


def record_dispute(*, gateway: str, contest: Contest, at: datetime) -> None:
    """Open it, close it, or both, where the gateway has it; once each. Call outside a transaction; safe to repeat.

    A dispute may be heard of before the capture: then the payment is settled first, so that the books have both.
    Raises GatewayUnreachableError while the payment cannot be. Publishes DisputeOpened and DisputeClosed.
    """
    ours = parse_id(contest.reference)
    payment = PaymentRow.objects.filter(gateway=gateway, pk=ours).first() if ours else None
    if payment is None:
        return  # of another shop at the same gateway
    if payment.state not in policies.CHARGED and (
        settle_payment(payment_id=payment.id, at=at).state not in policies.CHARGED
    ):
        raise GatewayUnreachableError("The gateway tells of a dispute before it tells of the payment.")
    with transaction.atomic():
        dispute = _open(payment, contest, at)
        if contest.status is not ContestStatus.OPEN:
            _close(payment, dispute, DisputeState(contest.status.value), at)


def _open(payment: PaymentRow, contest: Contest, at: datetime) -> DisputeRow:
    fee = contest.fee
    dispute, is_new = DisputeRow.objects.get_or_create(
        gateway=payment.gateway,
        gateway_ref=contest.ref,
        defaults={
            "payment": payment,
            "amount_minor": contest.amount.amount_minor,
            "currency": contest.amount.currency,
            "fee_minor": fee.amount_minor if fee else None,
            "fee_currency": fee.currency if fee else "",
            "reason": contest.reason,
            "opened_at": at,
            "answer_by": contest.answer_by,
        },
    )
    if is_new:
        tell(payment, at, "dispute_opened", f"The buyer's bank took {dispute.amount.format()} back: {dispute.reason}")
        tell_trail(Act.DISPUTE_OPENED, payment, disputed=f"{dispute.amount.decimal} {dispute.currency}")
        holder = f"gateway:{payment.gateway}"
        taken = [Posting(f"dispute:{payment.gateway}", dispute.amount), Posting(holder, -dispute.amount)]
        if fee:
            taken += [Posting(f"gatewaycost:{payment.gateway}", fee), Posting(holder, -fee)]
        post_journal(cause=dispute_cause(dispute.id, "opened"), postings=taken, at=at, memo="Dispute")
        events.publish(
            DisputeOpened(
                payment_id=payment.id,
                reference=payment.reference,
                dispute_id=dispute.id,
                amount=dispute.amount,
                fee=fee,
                reason=dispute.reason,
                at=at,
            )
        )
    return dispute


def _close(payment: PaymentRow, dispute: DisputeRow, state: DisputeState, at: datetime) -> None:
    closed = DisputeRow.objects.filter(pk=dispute.pk, state=DisputeState.OPEN).update(state=state, closed_at=at)
    if not closed:
        return
    won = state is DisputeState.WON
    tell(
        payment,
        at,
        f"dispute_{state}",
        f"The bank decided: {dispute.amount.format()} {'is ours' if won else 'is lost'}.",
    )
    tell_trail(Act.DISPUTE_CLOSED, payment, state=state)
    goes_to = f"gateway:{payment.gateway}" if won else SUSPENSE
    post_journal(
        cause=dispute_cause(dispute.id, state),
        postings=[Posting(goes_to, dispute.amount), Posting(f"dispute:{payment.gateway}", -dispute.amount)],
        at=at,
        memo=f"Dispute {state}",
    )
    events.publish(
        DisputeClosed(
            payment_id=payment.id,
            reference=payment.reference,
            dispute_id=dispute.id,
            amount=dispute.amount,
            won=won,
            at=at,
        )
    )

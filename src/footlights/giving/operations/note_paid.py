"""The money of what was given is there."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.giving import policies
from footlights.giving.causes import paid_cause
from footlights.giving.events import TipGiven
from footlights.giving.models import TipRow
from footlights.giving.operations.document import document_paid
from footlights.giving.operations.finding import lock
from footlights.giving.operations.telling import tell
from footlights.giving.records import State
from footlights.kernel import events
from footlights.ledger.api import post_journal
from footlights.payments.api import Payment, get_payment
from footlights.splits.api import SubjectKind, shares_of
from footlights.terms.api import SaleKind, fee_bps

SETTLED = frozenset({State.PAID, State.REFUNDED})


def note_paid(*, reference: str, payment_id: uuid.UUID, at: datetime) -> None:
    """Journal, state and receipt in one transaction, once for each tip however often it is called. Locks it.

    Raises IdempotencyConflictError if the books already say otherwise, which no retry mends. Publishes TipGiven.
    """
    payment = get_payment(payment_id)
    with transaction.atomic():
        row = lock(reference)
        if row.state in SETTLED:
            return
        row.state, row.reason, row.payment_id, row.paid_at = State.PAID, "", payment_id, at
        assert isinstance(row, TipRow)  # noqa: S101  the one kind there is
        _earn(row, payment, at)
        row.save()
        _publish(row, at)
        document_paid(row, description=payment.description, at=at)


def _earn(row: TipRow, payment: Payment, at: datetime) -> None:
    """At the terms of the click, however late the money comes. A tip buys nothing, so no tax is in it."""
    fee = row.amount.share_bps(fee_bps(SaleKind.TIP, row.channel_id, row.created_at))
    shares = shares_of(SubjectKind.TITLE, row.title_id, row.created_at) if row.title_id else ()
    parts = policies.parts_of(row.amount, fee=fee, channel_id=row.channel_id, shares=shares)
    source = f"gateway:{payment.gateway}"
    post_journal(
        cause=paid_cause(row.reference),
        postings=policies.earned_postings(source=source, net=row.amount, fee=fee, parts=parts),
        at=at,
        memo="Tip",
    )
    row.fee_minor, row.shared_minor = fee.amount_minor, policies.shared_of(parts, row.channel_id)


def _publish(row: TipRow, at: datetime) -> None:
    tell(Act.TIP_PAID, row, actor_id=None, payment_id=row.payment_id)
    giver_id = None if row.is_anonymous else row.giver_id
    events.publish(TipGiven(row.pk, row.channel_id, row.title_id, giver_id, row.amount, row.message, at))

"""The money of what was given is there."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.giving import policies
from footlights.giving.causes import paid_cause
from footlights.giving.events import TipGiven
from footlights.giving.models import GiftRow, TipRow
from footlights.giving.operations.deferring import defer_return
from footlights.giving.operations.document import document_paid
from footlights.giving.operations.earn import earn
from footlights.giving.operations.finding import lock
from footlights.giving.operations.send_gift import send_if_due
from footlights.giving.operations.telling import tell
from footlights.giving.records import State
from footlights.kernel import events
from footlights.ledger.api import post_journal
from footlights.monetization.api import lock_event
from footlights.payments.api import get_payment
from footlights.terms.api import SaleKind

SETTLED = frozenset({State.PAID, State.REFUNDED})


def note_paid(*, reference: str, payment_id: uuid.UUID, at: datetime) -> None:
    """Journal, state and receipt in one transaction, once for what was given however often it is called. Locks it.

    Raises IdempotencyConflictError if the books already say otherwise, which no retry mends. Publishes TipGiven, or
    GiftSent for a gift that is sent at once.
    """
    payment = get_payment(payment_id)
    with transaction.atomic():
        row = lock(reference)
        if row.state in SETTLED:
            return
        row.state, row.reason, row.payment_id, row.paid_at = State.PAID, "", payment_id, at
        source = f"gateway:{payment.gateway}"
        if isinstance(row, TipRow):
            _take_tip(row, source, at)
        else:
            _keep_gift(row, source, at)
        row.save()
        document_paid(row, description=payment.description, at=at)


def _take_tip(row: TipRow, source: str, at: datetime) -> None:
    """It buys nothing, so no tax is in it."""
    earn(row, kind=SaleKind.TIP, net=row.net, source=source, cause=paid_cause(row.reference), at=at)
    tell(Act.TIP_PAID, row, actor_id=None, payment_id=row.payment_id)
    giver_id = None if row.is_anonymous else row.giver_id
    events.publish(TipGiven(row.pk, row.channel_id, row.title_id, giver_id, row.amount, row.message, at, row.about))


def _keep_gift(row: GiftRow, source: str, at: datetime) -> None:
    """Until somebody opens it, its money is nobody's."""
    postings = policies.paid_gift_postings(
        gateway=source,
        amount=row.amount,
        tax=row.tax,
        tax_account=policies.tax_account(row.tax_place),
        account=row.account,
    )
    post_journal(cause=paid_cause(row.reference), postings=postings, at=at, memo="Gift")
    tell(Act.GIFT_PAID, row, actor_id=None, payment_id=row.payment_id)
    if row.broadcast_id and not lock_event(row.offer_id):  # too late for anything
        defer_return(row.pk)
    else:
        send_if_due(row, at)

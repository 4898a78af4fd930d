"""What became of a payout at the gateway."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.events import publish
from footlights.ledger.api import list_journal, post_journal, reverse_journal
from footlights.payouts import causes, policies
from footlights.payouts.events import PayoutCameBack, PayoutMade
from footlights.payouts.models import PayoutRow
from footlights.payouts.operations.moving import give_back, move
from footlights.payouts.operations.telling import tell, words_of
from footlights.payouts.records import PayoutState

REASON_LENGTH_MAX = 300


@transaction.atomic
def note_paid(*, payout_id: uuid.UUID, gateway: str, at: datetime) -> None:
    """The money left the gateway. Journal and state in one, once however often it is told. Publishes PayoutMade."""
    row = PayoutRow.objects.select_related("destination").get(pk=payout_id)
    if not move(row, PayoutState.PAID, at=at):
        return
    post_journal(
        cause=causes.paid_cause(row.pk),
        postings=policies.paid_postings(gateway=gateway, amount=row.amount),
        at=at,
        memo=f"Payout {row.period}",
    )
    tell(Act.PAYOUT_PAID, row, destination=row.destination.label, **words_of(row))
    publish(PayoutMade(payout_id=row.pk, account=row.account, amount=row.amount, at=at))


@transaction.atomic
def note_returned(*, payout_id: uuid.UUID, reason: str, at: datetime) -> None:
    """The gateway refused it or the bank sent it back: the balance is as before. Once. Publishes PayoutCameBack.

    A return that is told before the payment itself undoes what was set aside alone; the late news of the payment then
    finds nothing to move.
    """
    row = PayoutRow.objects.select_related("destination").get(pk=payout_id)
    if not move(row, PayoutState.RETURNED, at=at, reason=reason[:REASON_LENGTH_MAX]):
        return
    paid = causes.paid_cause(row.pk)
    if list_journal(paid):
        reverse_journal(reversed_cause=paid, cause=causes.undone(paid), at=at, memo="Payout returned")
    give_back(row, at)
    tell(Act.PAYOUT_RETURNED, row, destination=row.destination.label, **words_of(row))
    publish(PayoutCameBack(payout_id=row.pk, account=row.account, amount=row.amount, reason=row.reason, at=at))

"""A second person says yes or no to a large payout."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, find_person, permissions_of
from footlights.audit.api import Act
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.payouts.errors import OwnPayoutError
from footlights.payouts.models import PayoutRow
from footlights.payouts.operations.moving import give_back, move
from footlights.payouts.operations.payee import is_of
from footlights.payouts.operations.telling import tell, words_of
from footlights.payouts.records import Payout, PayoutState

REASON_LENGTH_MAX = 300


@transaction.atomic
def approve_payout(*, payout_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> Payout:
    """Have it sent. Safe to repeat. Raises OwnPayoutError, and NotFoundError to whoever may not approve."""
    from footlights.payouts.jobs import send  # noqa: PLC0415  jobs.py imports the operations

    row = _require(payout_id, by_id)
    if move(row, PayoutState.ASKED, at=at, decided_by=by_id):
        tell(Act.PAYOUT_APPROVED, row, **words_of(row))
        send.defer(payout_id=str(row.pk))
    return row.to_record()


@transaction.atomic
def refuse_payout(*, payout_id: uuid.UUID, by_id: uuid.UUID, reason: str, at: datetime) -> Payout:
    """Make the money available again, with a reason that the payee reads. Safe to repeat. Raises as approve_payout."""
    row = _require(payout_id, by_id)
    reason = reason.strip()
    if not reason:
        raise InvalidInputError(_("Say why: the creator reads it."), field="reason")
    if move(row, PayoutState.REFUSED, at=at, decided_by=by_id, reason=reason[:REASON_LENGTH_MAX]):
        give_back(row, at)
        tell(Act.PAYOUT_REFUSED, row, **words_of(row))
    return row.to_record()


def _require(payout_id: uuid.UUID, by_id: uuid.UUID) -> PayoutRow:
    person = find_person(by_id)
    row = PayoutRow.objects.select_related("destination").filter(pk=payout_id).first()
    if row is None or person is None or Permission.APPROVE_PAYOUTS not in permissions_of(person.roles):
        raise NotFoundError("There is no such payout.")
    if row.asked_by == by_id or is_of(row.account, by_id):
        raise OwnPayoutError(
            _("This payout is yours, or of a channel whose money you mind. Somebody else has to decide.")
        )
    return row

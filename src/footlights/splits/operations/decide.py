"""Answer a proposal: sign it, decline it, or take it back."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.splits.errors import ProposalOverError
from footlights.splits.models import AgreementRow, PartyRow
from footlights.splits.operations.telling import tell
from footlights.splits.records import Agreement, State


def sign_split(*, agreement_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> Agreement:
    """Agree. With the last signature it comes into force: on its date, or now when that is over. Repeatable.

    Locks the agreement. Whether the person proved who they are is the caller's to ask. Raises ProposalOverError, and
    NotFoundError to whoever is no party.
    """
    with transaction.atomic():
        row, party = _lock(agreement_id, person_id)
        if party.signed_at:
            return row.to_record()
        _require_open(row)
        party.signed_at = at
        party.save(update_fields=["signed_at"])
        if not row.parties.filter(signed_at=None).exists():
            row.in_force_from = max(row.from_at, at)
            row.save(update_fields=["in_force_from"])
        tell(Act.SPLIT_SIGNED, row, actor_id=person_id)
        return row.to_record()


def decline_split(*, agreement_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> Agreement:
    """Disagree: the proposal is over for everybody. Repeatable. As sign_split otherwise."""
    with transaction.atomic():
        row, _party = _lock(agreement_id, person_id)
        return _close(row, State.DECLINED, person_id, at)


def withdraw_split(*, agreement_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> Agreement:
    """The channel takes its proposal back. Repeatable. Raises ProposalOverError, NotFoundError."""
    with transaction.atomic():
        row = AgreementRow.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
        if row is None or not may(by_id, Permission.SHARE_EARNINGS, row.channel_id):
            raise NotFoundError("There is no such proposal.")
        return _close(row, State.WITHDRAWN, by_id, at)


def _lock(agreement_id: uuid.UUID, person_id: uuid.UUID) -> tuple[AgreementRow, PartyRow]:
    row = AgreementRow.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
    party = row.parties.filter(person_id=person_id).first() if row else None
    if row is None or party is None:
        raise NotFoundError("There is no such proposal.")
    return row, party


def _close(row: AgreementRow, state: State, actor_id: uuid.UUID, at: datetime) -> Agreement:
    if row.state is not state:
        _require_open(row)
        row.closed_as, row.closed_at = state, at
        row.save(update_fields=["closed_as", "closed_at"])
        tell(_ACTS[state], row, actor_id=actor_id)
    return row.to_record()


def _require_open(row: AgreementRow) -> None:
    if row.state is not State.PROPOSED:
        raise ProposalOverError(_("This was decided in the meantime. Load the page again."))


_ACTS = {State.DECLINED: Act.SPLIT_DECLINED, State.WITHDRAWN: Act.SPLIT_WITHDRAWN}

"""Propose to share what is earned."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, Person, find_person_by_email
from footlights.audit.api import Act
from footlights.catalog.api import get_channel, may
from footlights.kernel import crypto
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id, new_token
from footlights.splits import policies
from footlights.splits.models import AgreementRow, PartyRow, context_of
from footlights.splits.operations.telling import tell
from footlights.splits.queries import agreed, digest_of
from footlights.splits.records import Agreement, Asked, NewParty, SubjectKind
from footlights.splits.subjects import get_subject


def propose_split(
    *,
    subject_kind: SubjectKind,
    subject_id: uuid.UUID,
    parties: Sequence[NewParty],
    by_id: uuid.UUID,
    at: datetime,
    from_at: datetime | None = None,
) -> tuple[Agreement, list[Asked]]:
    """Ask everybody to sign; answers the proposal and who is to be told how. What holds goes on until all have signed.

    Proposing is the channel's own signature. Whoever has a share today, or will have one by an agreement already made,
    has to sign as well, also to lose it. No parties: all goes back to the channel. One proposal at a time, by a unique
    constraint. Raises InvalidInputError, and NotFoundError to whoever may not share the channel's earnings.
    """
    subject = get_subject(subject_kind, subject_id)
    if not may(by_id, Permission.SHARE_EARNINGS, subject.channel_id):
        raise NotFoundError("There is nothing here to share.")
    wanted = [NewParty(party.address.strip().lower(), party.bps) for party in parties]
    policies.check_parties(wanted)
    known = {party.address: find_person_by_email(party.address) for party in wanted}
    _refuse_the_owner(subject.channel_id, known)
    with transaction.atomic():
        losing = _who_has_a_share(subject_kind, subject_id, at) - {person.id for person in known.values() if person}
        if not wanted and not losing:
            raise InvalidInputError(_("Name somebody to share with."), field="parties")
        row = _propose_alone(
            AgreementRow(
                subject_kind=subject_kind,
                subject_id=subject_id,
                channel_id=subject.channel_id,
                party_count=len(wanted) + len(losing),
                from_at=from_at or at,
                proposed_by=by_id,
                proposed_at=at,
            )
        )
        asked = [_add(row, party, known[party.address]) for party in wanted]
        PartyRow.objects.bulk_create(
            PartyRow(agreement=row, person_id=person_id, bps=0) for person_id in sorted(losing)
        )
        tell(Act.SPLIT_PROPOSED, row, actor_id=by_id)
        return row.to_record(), asked + [Asked("", person_id, "") for person_id in sorted(losing)]


def _propose_alone(row: AgreementRow) -> AgreementRow:
    """While one is open there is no other, whoever proposes at the same moment."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInputError(
            _("There is a proposal that not everybody has signed yet. Withdraw it first.")
        ) from error
    return row


def _refuse_the_owner(channel_id: uuid.UUID, known: dict[str, Person | None]) -> None:
    owner_id = get_channel(channel_id).owner_id
    if any(person.id == owner_id for person in known.values() if person):
        raise InvalidInputError(
            _("What is not shared is the channel's already, so leave its owner out."), field="parties"
        )


def _who_has_a_share(subject_kind: SubjectKind, subject_id: uuid.UUID, at: datetime) -> set[uuid.UUID]:
    """By what holds now, and by what is already signed to hold later."""
    rows = agreed(subject_kind, subject_id).prefetch_related("parties")
    now_in_force = rows.filter(in_force_from__lte=at).first()
    holding = rows.filter(pk__gte=now_in_force.pk) if now_in_force else rows
    return {party.person_id for row in holding for party in row.parties.all() if party.person_id and party.bps}


def _add(row: AgreementRow, party: NewParty, person: Person | None) -> Asked:
    if person:
        PartyRow.objects.create(agreement=row, person_id=person.id, bps=party.bps)
        return Asked(party.address, person.id, "")
    token, party_id = new_token(), new_id()
    PartyRow.objects.create(
        id=party_id,
        agreement=row,
        sealed_address=crypto.seal(party.address.encode(), context=context_of(party_id)),
        digest=digest_of(token),
        bps=party.bps,
    )
    return Asked(party.address, None, token)

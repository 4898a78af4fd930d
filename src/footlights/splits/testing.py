"""Agreements for tests, of this context and of others."""

from datetime import datetime
from typing import Any

from footlights.kernel.clock import now
from footlights.splits.api import Agreement, NewParty, SubjectKind, propose_split, sign_split


def agree(
    title: Any, *parties: tuple[Any, int], at: datetime | None = None, kind: SubjectKind = SubjectKind.TITLE
) -> Agreement:
    """Share `title` (a record; of another kind where it says so) with `parties` (people, and bps) who sign at once."""
    at = at or now()
    agreement = propose(title, *parties, at=at, kind=kind)
    for party in agreement.parties:
        assert party.person_id
        agreement = sign_split(agreement_id=agreement.id, person_id=party.person_id, at=at)
    return agreement


def propose(
    title: Any, *parties: tuple[Any, int], at: datetime | None = None, kind: SubjectKind = SubjectKind.TITLE
) -> Agreement:
    """As `agree`, but nobody has signed yet."""
    news = [NewParty(person.email, bps) for person, bps in parties]
    agreement, _asked = propose_split(
        subject_kind=kind, subject_id=title.id, parties=news, by_id=title.owner_id, at=at or now()
    )
    return agreement

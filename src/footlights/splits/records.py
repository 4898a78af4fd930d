"""What crosses the door of splits."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

WHOLE_BPS = 10_000

Shares = tuple[tuple[str, int], ...]  # accounts of the ledger with their ten-thousandths, which sum to WHOLE_BPS


class SubjectKind(StrEnum):
    """What is shared. A context that owns one says where its channel is: `subjects.register_subject`."""

    TITLE = "title"
    COLLECTION = "collection"
    PLAN = "plan"
    EVENT = "event"


class State(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Subject:
    channel_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class NewParty:
    """Whom the channel wants to share with, by mail address, and how much of what comes in after fee and tax."""

    address: str
    bps: int


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who has to sign. With 0 bps they give up what they had. `address` is known until they take it up."""

    person_id: uuid.UUID | None
    address: str
    bps: int
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`in_force_from` is known once everybody signed: the date proposed, or the last signature when that was later."""

    id: uuid.UUID
    subject_kind: SubjectKind
    subject_id: uuid.UUID
    channel_id: uuid.UUID
    from_at: datetime
    proposed_by: uuid.UUID
    proposed_at: datetime
    in_force_from: datetime | None
    closed_at: datetime | None
    state: State
    parties: tuple[Party, ...]

    @property
    def channel_bps(self) -> int:
        return WHOLE_BPS - sum(party.bps for party in self.parties)

    def party(self, person_id: uuid.UUID) -> Party | None:
        return next((party for party in self.parties if party.person_id == person_id), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One who is to be asked: by the `token` in a link where the address is nobody's yet, else on their own page."""

    address: str
    person_id: uuid.UUID | None
    token: str

"""What crosses this context's door, and what its detectors are fed with: frozen records."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from footlights.alerts.kinds import Kind


class What(StrEnum):
    """What detectors know. A series that is compared with the weeks before is kept under this name."""

    REFUSED = "refused"  # a sign-in failed, or was not even tried because there were too many
    LIMITED = "limited"  # of those that were not even tried, the ones for one account
    UNKNOWN = "unknown"  # of those, for accounts that nobody has
    SIGNED_IN = "signed_in"
    NEW_COUNTRY = "new_country"
    REFUND_ASKED = "refund_asked"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    SUSPECTED = "suspected"  # tips and gifts of one account come too fast
    GATEWAY_DIFFERS = "gateway_differs"
    GATEWAY_FORBIDS = "gateway_forbids"
    DESTINATION_CHANGED = "destination_changed"  # where somebody's payouts go, from one place to another
    PAYOUT_ASKED = "payout_asked"
    LICENCE = "licence"
    NOT_THEIRS = "not_theirs"  # a page was asked for that is not for whoever asked
    UPLOADED = "uploaded"
    DELETED = "deleted"
    ADMINISTRATOR_MADE = "administrator_made"
    TRAIL_BROKEN = "trail_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened `count` times at `at` (seconds since 1970). Empty words mean: not known."""

    at: float
    what: What
    account: str = ""  # the account it was about: a person's id, or the digest of an address nobody has
    actor: str = ""  # the person who did it
    block: str = ""  # the address block it came from
    count: int = 1
    is_unknown: bool = False  # of a refused sign-in: nobody has this account
    country: str = ""  # of a sign-in, when it is new to the account
    is_trusted: bool = False  # of a sign-in: the account may do more than watch
    record: str = ""  # the trail's record


@dataclass(frozen=True, slots=True)
class Trip:
    """A detector's verdict: `count` in `window_s`, where at most `usual` were expected. `words` say it in one line."""

    kind: Kind
    subject: str  # what it is about; with the kind it is one alert, however often it trips
    words: str
    count: int = 1
    window_s: int = 0
    usual: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)  # evidence: names of things to their values
    records: tuple[str, ...] = ()  # of the trail, newest last


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way an alert went: where to, how often it was tried, and what came of it."""

    id: UUID
    alert_id: UUID
    to: str
    state: str
    tries: int
    problem: str
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    id: UUID
    kind: str
    title: str
    severity: str
    anchor: str
    subject: str
    words: str
    count: int
    window_s: int
    usual: float
    facts: dict[str, Any]
    records: tuple[str, ...]
    opened_at: datetime
    last_at: datetime
    ended_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    told_again_at: datetime | None
    is_silenced: bool  # when it was opened

    @property
    def state(self) -> AlertState:
        if self.acknowledged_at:
            return AlertState.ACKNOWLEDGED
        return AlertState.OVER if self.ended_at else AlertState.OPEN


@dataclass(frozen=True, slots=True)
class Silence:
    id: UUID
    kind: str
    title: str
    subject: str  # empty: every alert of the kind
    until: datetime
    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where alerts are sent besides the administrators' mail. Its address is sealed; `host` is what may be shown."""

    id: UUID
    kind: str
    name: str
    host: str
    made_at: datetime


class CheckLevel(StrEnum):
    GOOD = "good"
    NOTE = "note"  # works, but know this
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """What one part of the works looked like on one machine, and how to mend it where something is wrong."""

    machine: str
    what: str
    seen: str
    level: CheckLevel
    mend: str
    looked_at: datetime

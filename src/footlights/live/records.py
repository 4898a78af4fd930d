"""What live tells others: frozen facts. Keys and the addresses of folders are in none but those that say so."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from footlights.ingest.api import Latency
from footlights.monetization.api import NewOffer


class State(StrEnum):
    PLANNED = "planned"
    ON_AIR = "on_air"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Access(StrEnum):
    EVERYBODY = "everybody"
    FOLLOWERS = "followers"  # of the channel; it costs them nothing
    MEMBERS = "members"
    TICKETS = "tickets"  # and members, where it has a tier


PAID = {Access.MEMBERS, Access.TICKETS}


class Replay(StrEnum):
    """What becomes of the recording."""

    SHARED = "shared"  # a title for those who could watch the broadcast
    OURS = "ours"  # a draft, which its makers may publish
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Signal:
    """What arrives of a broadcast. `figures` are the latest of the ingest: such as bits and frames a second."""

    heard_at: datetime | None
    is_sending: bool
    figures: dict[str, Any]
    problem: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`token` is its page's address; `tier` the lowest of members who come in by their membership."""

    id: UUID
    channel_id: UUID
    name: str
    words: str
    poster_id: UUID | None
    token: str
    starts_at: datetime
    sequence: int  # how often it moved or was cancelled, for calendars
    access: Access
    tier: int | None
    is_listed: bool
    starts_by_itself: bool
    replay: Replay
    latency: Latency
    state: State
    on_air_at: datetime | None
    ended_at: datetime | None
    recording_title_id: UUID | None
    signal: Signal

    @property
    def is_over(self) -> bool:
        return self.state in {State.ENDED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class Showing:
    """Where a broadcast is seen, for whoever may: its manifest, and what every page may ask about it."""

    dash_url: str
    hls_url: str
    state_url: str


@dataclass(frozen=True, slots=True)
class Admission:
    """For the ingest alone: where to write, and the keys that seal it."""

    broadcast_id: UUID
    folder: str
    key_id: str
    key: bytes
    key_since: str
    is_on_air: bool
    latency: Latency
    run_secret: bytes  # empty: one key for all
    key_lasts_s: int


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    name: str
    words: str = ""
    starts_at: datetime | None = None
    access: Access = Access.EVERYBODY
    tier: int | None = None
    is_listed: bool = True
    starts_by_itself: bool = False
    ticket: NewOffer | None = None  # what one costs, and for how long it opens the recording
    replay: Replay = Replay.SHARED
    latency: Latency = Latency.STANDARD
    poster_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """What the ingest hears at each beat."""

    state: State
    sender_stays: bool

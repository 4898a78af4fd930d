"""What crosses the door of engagement, and what rooms are told on the wire."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from footlights.engagement.subjects import Kind
from footlights.live.events import Part


class PollKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"  # one to five
    QUIZ = "quiz"  # one answer is right, which is told at the end


class PollState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERING = "answering"
    ANSWERED = "answered"
    HIDDEN = "hidden"


class Speakers(StrEnum):
    """Who may write in the chat."""

    EVERYBODY = "everybody"
    MEMBERS = "members"


class Links(StrEnum):
    """What becomes of a message with a link that somebody wrote who does not look after the room."""

    REFUSED = "refused"
    HELD = "held"
    SHOWN = "shown"


class Review(StrEnum):
    """Whose messages wait until somebody who looks after the room has read them."""

    NOBODYS = "nobodys"
    NEWCOMERS = "newcomers"
    EVERYBODYS = "everybodys"


class HeldFor(StrEnum):
    """Why a message waits; nothing for one that is shown."""

    NOTHING = ""
    WORDS = "words"
    LINK = "link"
    NEW = "new"
    NEAR = "near"  # somebody was banned who wrote from the same network
    ALL = "all"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How a room is talked in. `slow_s`: each once in so many seconds."""

    slow_s: int = 0
    speakers: Speakers = Speakers.EVERYBODY
    links: Links = Links.REFUSED
    review: Review = Review.NOBODYS


@dataclass(frozen=True, slots=True)
class Room:
    id: UUID
    subject: str
    channel_id: UUID
    version: int
    rules: Rules
    entered_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Ban:
    """Somebody is kept out of a channel's rooms. `appeal`: why they want back, in their words, once they said so."""

    id: UUID
    person_id: UUID
    by_id: UUID
    at: datetime
    appeal: str


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A poll that waits to be asked."""

    id: UUID
    question: str
    kind: PollKind
    choices: list[str]
    right: int | None
    is_result_live: bool


@dataclass(frozen=True, slots=True)
class WordList:
    """Words for which a channel's messages wait: its own, and the short lists of some languages."""

    own: list[str]
    languages: list[str]


class Named(msgspec.Struct, frozen=True):
    """A viewer, as they are called in the room."""

    by: UUID
    name: str


class Sum(msgspec.Struct, frozen=True):
    """Money as a browser writes it: in whole units, with the decimals of its currency."""

    value: str
    currency: str


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a message answers."""

    id: UUID
    name: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something said. `by` is its viewer's id in this room, `staff`: they look after it, `tip`: given with it."""

    id: UUID
    by: UUID
    name: str
    text: str
    at: datetime
    staff: bool = False
    member: bool = False
    quote: Quote | None = None
    mentions: list[Named] = []
    held_for: HeldFor = HeldFor.NOTHING
    tip: Sum | None = None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """`counts` is None while the result is kept until the end; `right` is the answer of a quiz that is closed.

    `closes_at`: when it closes by itself.
    """

    id: UUID
    question: str
    kind: PollKind
    state: PollState
    choices: list[str]
    counts: list[int] | None
    voters: int
    at: datetime
    right: int | None = None
    closes_at: datetime | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    by: UUID
    name: str
    text: str
    state: QuestionState
    raised: int
    at: datetime
    tip: Sum | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a room is told: everything that changed from version `v` - 1 to `v`. Rows come whole, so twice is once.

    With it may go how many are `here`, and reactions (`r`).
    """

    v: int
    said: list[Message] = []
    hidden: list[UUID] = []
    polls: list[Poll] = []
    questions: list[Question] = []
    rules: Rules | None = None
    pinned: Message | msgspec.UnsetType | None = msgspec.UNSET
    here: int | msgspec.UnsetType = msgspec.UNSET
    r: dict[str, int] = {}


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A room as it is at version `v`, for whoever comes late or missed something."""

    v: int
    rules: Rules
    pinned: Message | None
    said: list[Message]
    polls: list[Poll]
    questions: list[Question]


class Voices(msgspec.Struct, frozen=True):
    """Of how many people was heard in the ten seconds from `at` on, and how many of them were warm, and cold."""

    at: datetime
    people: int
    warm: int
    cold: int


class Feeling(msgspec.Struct, frozen=True):
    """How a room felt in the minute to `at`: the `share` of the warm among the warm and the cold, from 0 to 1.

    With 95 in 100 it lies between `low` and `high`, as far as words tell. `people`: voices, once each ten seconds.
    """

    at: datetime
    people: int
    share: float
    low: float
    high: float


class MoodTurn(msgspec.Struct, frozen=True):
    """The mood turned suddenly: from the share `was` to what it is `now`."""

    at: datetime
    was: float
    now: Feeling


class Mood(msgspec.Struct, frozen=True, kw_only=True):
    """How a room feels and felt: what is new of `course`, `turns`, and how many voices of each language were read.

    Of `languages`, "" are those who reacted, or wrote in a language that is not read.
    """

    course: list[Feeling]
    turns: list[MoodTurn]
    languages: dict[str, int]


class Desk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What those who look after a room are told alone: messages that wait, those that wait no more, polls, the mood."""

    held: list[Message] = []
    done: list[UUID] = []
    prepared: list[Prepared] = []
    mood: Mood | None = None


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """What of a room is this viewer's own: what they chose in the polls shown, and the questions they raised."""

    votes: dict[str, list[int]]
    raised: list[UUID]


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one viewer is told about what they said under `key`: kept, or refused with a reason's code.

    `held`: it is kept, and shown once somebody who looks after the room has read it.
    """

    key: str
    refused: str = ""
    held: bool = False
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What came in by the broker, which proved room, kind and viewer."""

    room_id: UUID
    kind: Kind
    viewer_id: UUID
    body: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What a browser needs to be in a room."""

    viewer_id: UUID
    token: str
    expires_at: datetime
    may_speak: bool
    is_staff: bool
    is_member: bool
    mine: Mine
    desk: Desk | None


@dataclass(frozen=True, slots=True)
class Replay:
    """A recording with which what its room said is played again. `is_silent`: there is nothing to play.

    `is_replaced`: its title plays another file by now.
    """

    title_id: UUID
    room_id: UUID
    channel_id: UUID
    parts: list[Part]
    is_shown: bool
    is_silent: bool
    is_replaced: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something said, `t` milliseconds into the recording. Nothing in it leads to whoever said it."""

    id: UUID
    t: int
    name: str
    text: str
    staff: bool = False
    member: bool = False
    quote: Quote | None = None
    mentions: list[str] = []
    tip: Sum | None = None


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How talkative a recording is: messages in each of its `pieces`, `piece_ms` long, and the curve of its `peaks`."""

    length_ms: int
    piece_ms: int
    pieces: list[int]
    peaks: list[int]


class ReplayPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll, asked `t` and closed `ends_t` milliseconds into the recording: what was chosen live, and since then."""

    id: UUID
    t: int
    ends_t: int
    question: str
    kind: PollKind
    choices: list[str]
    right: int | None
    counts: list[int]
    voters: int
    since_counts: list[int]
    since_voters: int


class ReplayFeeling(msgspec.Struct, frozen=True, kw_only=True):
    """How the room felt in the minute that ended `t` milliseconds into the recording: as Feeling says it."""

    t: int
    people: int
    share: float
    low: float
    high: float


class ReplayQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was answered from `t` to `ends_t` milliseconds into the recording."""

    t: int
    ends_t: int
    name: str
    text: str
    tip: Sum | None = None

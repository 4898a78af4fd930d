"""The rules of rooms. Pure: what they need is given to them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from footlights.engagement.errors import RefusedError
from footlights.engagement.records import HeldFor, Links, PollKind, QuestionState, Review, Rules
from footlights.engagement.words import fold, names_one_of
from footlights.kernel.ids import parse_id

SAY_LENGTH_MAX = 300
QUESTION_LENGTH_MAX = 200
APPEAL_LENGTH_MAX = 500
CHOICE_LENGTH_MAX = 80
CHOICES_MAX = 8
CHOICES_MIN = 2
RATINGS = ["1", "2", "3", "4", "5"]
PREPARED_MAX = 50
POLL_S_MIN, POLL_S_MAX = 5, 86_400
POLL_CHOICES_S = (0, 30, 60, 180, 600)
ANSWERED_WITHIN = timedelta(hours=24)  # else what was given for an answer goes back, though the room is still open
LINGER = timedelta(minutes=2)  # a broadcast's room after its end: viewers are behind, and say goodbye
NEAR_BAN = timedelta(days=7)  # so long does a new account from a banned one's network wait for the team
SLOW_S_MAX = 3_600
TIME_OUTS_S = (60, 600, 3_600)
SLOW_CHOICES_S = (0, 5, 30, 120)
MENTIONS_MAX = 5
WORD_LENGTH_MAX, OWN_WORDS_MAX = 40, 500
MARKS_MAX = 2  # that sit on one letter: more than Vietnamese needs, less than a tower
KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
LINK = re.compile(
    r"(?i)\b(?:https?://|www\.)\S+|\b[a-z0-9-]+\.(?:com|net|org|io|tv|gg|ru|xyz|link|shop|info)\b(?:/\S*)?"
)
REACTIONS = ("❤", "👏", "😂", "😮", "🔥")
BURST, REFILL_A_S = 6, 1.0  # what one viewer may say at once, and how fast that comes back


def subject_of_broadcast(broadcast_id: UUID) -> str:
    """What the room beside a broadcast is about."""
    return f"broadcast:{broadcast_id}"


def plain_text(typed: str, *, most: int) -> str:
    """One line of what may be shown: no markup reaches anybody, for text is shown as text; and no tricks with letters.

    Takes out controls and everything that turns the direction of others' text or hides, marks beyond two on a
    letter, runs of blanks. Raises RefusedError("empty") or ("long").
    """
    text = unicodedata.normalize("NFC", typed)
    kept: list[str] = []
    marks = 0
    for each in text:
        category = unicodedata.category(each)
        if category in {"Zs", "Zl", "Zp", "Cc"}:
            kept.append(" ")
            marks = 0
        elif category in {"Mn", "Me"}:
            marks += 1
            if marks <= MARKS_MAX and kept:
                kept.append(each)
        elif category == "Cf" and each != "\u200d":  # the joiner of emoji
            continue
        elif not category.startswith("C") or each == "\u200d":
            kept.append(each)
            marks = 0
    words = " ".join("".join(kept).split())
    if not words.strip("\u200d "):
        raise RefusedError("empty")
    if len(words) > most:
        raise RefusedError("long")
    return words


def check_links(text: str, *, is_staff: bool) -> None:
    """In a question, only whoever looks after the room may send others somewhere. Raises RefusedError("link")."""
    if not is_staff and LINK.search(text):
        raise RefusedError("link")


def held_for(text: str, *, rules: Rules, is_known: bool, listed: Iterable[str], is_near_ban: bool = False) -> HeldFor:
    """Why a viewer's message waits until somebody of the team has read it. Raises RefusedError("link").

    `is_known`: something of theirs was shown in this room before. `listed`: words for which a message waits.
    `is_near_ban`: somebody who was banned lately wrote from the same network.
    """
    if LINK.search(text) and rules.links is not Links.SHOWN:
        if rules.links is Links.REFUSED:
            raise RefusedError("link")
        return HeldFor.LINK
    if names_one_of(text, listed):
        return HeldFor.WORDS
    if rules.review is Review.EVERYBODYS:
        return HeldFor.ALL
    if rules.review is Review.NEWCOMERS and not is_known:
        return HeldFor.NEW
    if is_near_ban and not is_known:
        return HeldFor.NEAR
    return HeldFor.NOTHING


def own_words(typed: str) -> list[str]:
    """A channel's own list, from what its creator typed: one word or phrase a line, each once, in order."""
    lines = (" ".join(line.split())[:WORD_LENGTH_MAX].strip() for line in typed.splitlines())
    return list(dict.fromkeys(line for line in lines if fold(line)))[:OWN_WORDS_MAX]


def own_id(viewer_id: UUID, key: str) -> UUID:
    """The id of what a viewer said under their browser's `key`: the same each time it is sent. Raises RefusedError."""
    if not KEY.fullmatch(key):
        raise RefusedError("unreadable")
    return uuid5(viewer_id, key)


def wait_s(*, slow_s: int, last_at: datetime | None, at: datetime) -> int:
    """Whole seconds until somebody may speak again; 0 for now."""
    if not slow_s or last_at is None:
        return 0
    left = last_at + timedelta(seconds=slow_s) - at
    return max(0, -(-left // timedelta(seconds=1)))


def check_poll(
    question: str, choices: list[str], *, kind: PollKind, right: int | None
) -> tuple[str, list[str], int | None]:
    """Question, answers and the right one as they are kept. Raises RefusedError: "empty", "long", "same", "right"."""
    asked = plain_text(question, most=QUESTION_LENGTH_MAX)
    if kind is PollKind.RATING:
        return asked, list(RATINGS), None
    kept = [plain_text(each, most=CHOICE_LENGTH_MAX) for each in choices]
    if len(set(kept)) != len(kept) or not CHOICES_MIN <= len(kept) <= CHOICES_MAX:
        raise RefusedError("same")
    if kind is not PollKind.QUIZ:
        return asked, kept, None
    if right is None or not 0 <= right < len(kept):
        raise RefusedError("right")
    return asked, kept, right


def check_choices(choices: list[int], *, kind: PollKind, count: int) -> list[int]:
    """As they are kept: each once, in order. Raises RefusedError("choice")."""
    kept = sorted(set(choices))
    if not kept or kept[0] < 0 or kept[-1] >= count or (kind is not PollKind.MULTIPLE and len(kept) != 1):
        raise RefusedError("choice")
    return kept


@dataclass(frozen=True, slots=True)
class TipPlace:
    """Where a tip was given: in a room, with a word, or with a question that it asks to have answered."""

    room_id: UUID
    is_question: bool = False

    @property
    def about(self) -> str:
        """As it travels with the tip."""
        return f"{'question' if self.is_question else 'room'}:{self.room_id.hex}"


def tip_place(about: str) -> TipPlace | None:
    """What `about` says; None for a tip that was given elsewhere."""
    kind, _colon, room = about.partition(":")
    room_id = parse_id(room)
    return TipPlace(room_id, kind == "question") if room_id and kind in {"room", "question"} else None


def is_to_return(*, state: QuestionState | None, is_open: bool, asked_at: datetime, at: datetime) -> bool:
    """Whether what was given for an answer goes back. `state`: of the question, None when it could not be asked."""
    if state is None or state is QuestionState.HIDDEN:
        return True
    return state is QuestionState.ASKED and (not is_open or at >= asked_at + ANSWERED_WITHIN)


class Bucket:
    """How much one viewer may still say: BURST at once, then REFILL_A_S a second. Times are seconds of one clock."""

    __slots__ = ("_left", "_since")

    def __init__(self, at: float) -> None:
        self._left, self._since = float(BURST), at

    def take(self, at: float) -> bool:
        self._left = min(float(BURST), self._left + (at - self._since) * REFILL_A_S)
        self._since = at
        if self._left < 1:
            return False
        self._left -= 1
        return True

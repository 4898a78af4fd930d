"""How a room's mood goes, and whether it turned: shares with what is not known of them. Pure.

A share is that of the warm among those who were warm or cold, from 0 to 1. What the lists misread makes it too mild,
whichever way: see docs/reference/rooms.md, Measured.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt

from footlights.engagement.records import Feeling, MoodTurn, Voices

TURN_S = 10  # how finely moods are counted
RECENT, BEFORE = timedelta(seconds=60), timedelta(seconds=300)
Z = 1.96  # 95 in 100: so often is the true share between low and high
VOICES_MIN = 8  # on each side of a turn
TURN_SHARE, TURN_Z = 0.25, 3.3  # so far, and so surely: by chance once in a thousand looks
QUIET = timedelta(seconds=180)  # after a turn, before the next is called one


def turn_of(at: datetime) -> datetime:
    """When the turn began in which `at` is."""
    return datetime.fromtimestamp(int(at.timestamp()) // TURN_S * TURN_S, tz=UTC)


def feeling(at: datetime, voices: Iterable[Voices]) -> Feeling:
    """What they felt together. Nobody's is half, and could be anything."""
    people = warm = cold = 0
    for each in voices:
        people, warm, cold = people + each.people, warm + each.warm, cold + each.cold
    share, spread = _share(warm, warm + cold)
    if not warm + cold:
        return Feeling(at, people, 0.5, 0.0, 1.0)
    return Feeling(at, people, round(share, 3), round(max(0.0, share - spread), 3), round(min(1.0, share + spread), 3))


def course(voices: Sequence[Voices]) -> list[Feeling]:
    """The feeling of the last minute, at the end of each turn in which somebody was heard. In order of time."""
    told: list[Feeling] = []
    recent: deque[Voices] = deque()
    for each in voices:
        recent.append(each)
        while recent[0].at <= each.at - RECENT:
            recent.popleft()
        told.append(feeling(each.at, recent))
    return told


def turns(voices: Sequence[Voices]) -> Iterator[MoodTurn]:
    """When it turned suddenly: the last minute against the five before, the difference too large for chance."""
    times = [each.at for each in voices]
    last: datetime | None = None
    for each in voices:
        if last and each.at - last < QUIET:
            continue
        start, middle, end = (bisect_right(times, each.at - ago) for ago in (RECENT + BEFORE, RECENT, timedelta()))
        before, recent = voices[start:middle], voices[middle:end]
        if _is_turn(before, recent):
            last = each.at
            yield MoodTurn(each.at, feeling(each.at, before).share, feeling(each.at, recent))


def _is_turn(before: Sequence[Voices], recent: Sequence[Voices]) -> bool:
    (warm, many), (now_warm, now_many) = _counts(before), _counts(recent)
    if min(many, now_many) < VOICES_MIN:
        return False
    was, now = (warm + 1) / (many + 2), (now_warm + 1) / (now_many + 2)  # Agresti and Caffo (2000)
    doubt = sqrt(was * (1 - was) / (many + 2) + now * (1 - now) / (now_many + 2))
    return abs(now - was) >= max(TURN_SHARE, TURN_Z * doubt)


def _counts(voices: Sequence[Voices]) -> tuple[int, int]:
    warm = sum(each.warm for each in voices)
    return warm, warm + sum(each.cold for each in voices)


def _share(warm: int, many: int) -> tuple[float, float]:
    """Agresti and Coull (1998): the share, drawn a little to the middle, and how far the true one may be from it."""
    share = (warm + Z * Z / 2) / (many + Z * Z)
    return share, Z * sqrt(share * (1 - share) / (many + Z * Z))

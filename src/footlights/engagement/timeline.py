"""Where in a recording what happened beside a broadcast belongs: by the clock, as its parts were sent. Pure.

Milliseconds throughout. A moment of a gap is where what follows begins; before the first picture, the beginning.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from footlights.live.events import Part

EPOCH, MS = datetime.fromtimestamp(0, UTC), timedelta(milliseconds=1)
STRETCH_MS = 5_000  # how finely it is counted when most was said
PIECE_MS = 30_000  # a conversation is read in pieces of so much film: whole stretches
LAST_MS = 500  # before the end stands what was said after it; a player may stop a little short of the end
PEAKS_MAX = 120  # points of the curve
PEAK_VOICES_MIN = 5  # fewer are no peak
HUNDRED = 100


def moment_in(parts: Sequence[Part], at: datetime) -> int | None:
    """Where in a recording that moment is: of a gap, where what follows begins; None after the end."""
    moment_ms = (at - EPOCH) // MS
    for part in parts:
        began_ms = _began_ms(part)
        if moment_ms < began_ms + part.length_ms:
            return part.starts_ms + max(0, moment_ms - began_ms)
    return None


def place_in(parts: Sequence[Part], at: datetime) -> int:
    """The same, and what came after the end is at the end."""
    moment_ms, last_ms = moment_in(parts, at), last_place(parts)
    return last_ms if moment_ms is None else min(moment_ms, last_ms)


def last_place(parts: Sequence[Part]) -> int:
    """Where what was said after the end stands."""
    return max(0, length_of(parts) - LAST_MS)


def length_of(parts: Sequence[Part]) -> int:
    """The whole recording's."""
    return parts[-1].starts_ms + parts[-1].length_ms


def count_of(parts: Sequence[Part], each_ms: int) -> int:
    """In how many stretches of that length places lie."""
    return last_place(parts) // each_ms + 1


def first_at(parts: Sequence[Part], place_ms: int) -> datetime | None:
    """From when on what happens stands at that place or later; None for "ever". The place is the last one at most."""
    ended_ms: int | None = None
    for part in parts:
        if place_ms < part.starts_ms + part.length_ms:
            since_ms = ended_ms if place_ms <= part.starts_ms else _began_ms(part) + place_ms - part.starts_ms
            if since_ms is None:
                return None
            return EPOCH + max(since_ms, ended_ms or since_ms) * MS
        ended_ms = max(_began_ms(part) + part.length_ms, ended_ms or 0)
    return None


def span_of(parts: Sequence[Part], number: int, each_ms: int) -> tuple[datetime | None, datetime | None]:
    """From when, and until before when, what happened stands in stretch `number`; None for "ever" and "for ever"."""
    ends_ms = (number + 1) * each_ms
    return first_at(parts, number * each_ms), first_at(parts, ends_ms) if ends_ms <= last_place(parts) else None


def peaks_of(voices: Sequence[int]) -> list[int]:
    """A curve of PEAKS_MAX points at most, the highest 100, from the voices of equal stretches; [] of next to none.

    Each point is the mean of its neighbours and twice itself, so that one loud moment is a hill and not a needle.
    """
    if sum(voices) < PEAK_VOICES_MIN:
        return []
    together = -(-len(voices) // PEAKS_MAX)
    heights = [sum(voices[at : at + together]) for at in range(0, len(voices), together)]
    around = [heights[0], *heights, heights[-1]]
    smooth = [(before + 2 * here + after) / 4 for before, here, after in zip(around, heights, around[2:], strict=False)]
    return [round(HUNDRED * each / max(smooth)) for each in smooth]


def _began_ms(part: Part) -> int:
    return round(part.began_at * 1_000)

"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    NOTE = "note"  # works, but know this
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`what` was looked at, what was `seen`, and how to `mend` it when something is wrong."""

    what: str
    seen: str
    level: Level = Level.GOOD
    mend: str = ""


def good(what: str, seen: str) -> Finding:
    return Finding(what=what, seen=seen)


def note(what: str, seen: str, mend: str = "") -> Finding:
    return Finding(what=what, seen=seen, level=Level.NOTE, mend=mend)


def wrong(what: str, seen: str, mend: str) -> Finding:
    return Finding(what=what, seen=seen, level=Level.WRONG, mend=mend)

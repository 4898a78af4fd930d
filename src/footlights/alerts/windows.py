"""Counting in sliding windows, in bounded memory: how often for each subject, and how much of a whole series."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from footlights.alerts import policies
from footlights.alerts.policies import HOUR, Expected, Limit, Rhythm

SUBJECTS_MAX = 50_000
KEPT_BEYOND = 4  # so that an alert can tell how far beyond its limit something went
STEPS = 60  # a window forgets in this many steps
EXPECTED_FRESH_S = 300


class Stamps:
    """For each subject, the moments of its latest happenings: as many as the highest limit needs, and no more."""

    def __init__(self, limits: Sequence[Limit], *, kept: int = 0) -> None:
        self.limits = limits
        self._kept = kept or KEPT_BEYOND * max(limit.count for limit in limits)
        self._of: OrderedDict[str, deque[float]] = OrderedDict()

    def add(self, subject: str, at: float, count: int = 1) -> None:
        stamps = self._of.get(subject)
        if stamps is None:
            stamps = self._of[subject] = deque(maxlen=self._kept)
            if len(self._of) > SUBJECTS_MAX:
                self._of.popitem(last=False)
        else:
            self._of.move_to_end(subject)
        for _ in range(min(count, self._kept)):
            stamps.append(at)

    def since(self, subject: str, begins: float) -> int:
        """How many since then, as far as they are remembered."""
        return _recent(reversed(self._of.get(subject, deque())), begins)

    def over(self, subject: str, at: float) -> Iterator[Limit]:
        """The limits that are reached, narrowest first."""
        stamps = self._of.get(subject, deque())
        for limit in self.limits:
            if len(stamps) >= limit.count and stamps[-limit.count] > at - limit.window_s:
                yield limit


class Different:
    """For each subject, which different things it touched last: as many as the highest limit needs."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self.limits = limits
        self._kept = KEPT_BEYOND * max(limit.count for limit in limits)
        self._of: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    def add(self, subject: str, thing: str, at: float) -> None:
        things = self._of.setdefault(subject, OrderedDict())
        self._of.move_to_end(subject)
        if len(self._of) > SUBJECTS_MAX:
            self._of.popitem(last=False)
        things[thing] = at
        things.move_to_end(thing)
        if len(things) > self._kept:
            things.popitem(last=False)

    def since(self, subject: str, begins: float) -> int:
        """How many different ones since then, as far as they are remembered."""
        return _recent(reversed(self._of.get(subject, OrderedDict()).values()), begins)

    def over(self, subject: str, at: float) -> Iterator[Limit]:
        stamps = reversed(self._of.get(subject, OrderedDict()).values())
        reached = 0
        for limit in self.limits:
            stamp = next(islice(stamps, limit.count - reached - 1, None), None)
            if stamp is None:
                return
            reached = limit.count
            if stamp > at - limit.window_s:
                yield limit


def _recent(stamps: Iterable[float], begins: float) -> int:
    """How many of the stamps, newest first, are not older."""
    return sum(1 for _ in takewhile(lambda stamp: stamp >= begins, stamps))


class Series:
    """All of one kind, whoever it was: sums of some windows now, and of each hour, to compare with the weeks before."""

    def __init__(self, rhythms: Sequence[Rhythm], *, began: int, hours: Mapping[int, int] | None = None) -> None:
        self.rhythms = rhythms
        self.began = began  # the first hour that was counted
        self.hours: dict[int, int] = dict(hours or {})
        self._sums = {rhythm.window_s: _Sum(rhythm.window_s) for rhythm in rhythms}
        self._expected: dict[int, tuple[float, Expected | None]] = {}

    def add(self, at: float, count: int = 1) -> None:
        hour = int(at // HOUR)
        self.hours[hour] = self.hours.get(hour, 0) + count
        for window in self._sums.values():
            window.add(at, count)

    def sum(self, window_s: int, at: float) -> int:
        return self._sums[window_s].total(at)

    def usual(self, window_s: int, at: float) -> Expected | None:
        kept = self._expected.get(window_s)
        if kept is None or not 0 <= at - kept[0] < min(EXPECTED_FRESH_S, window_s * 5):
            kept = (at, policies.expected(self.hours, began=self.began, at=at, window_s=window_s))
            self._expected[window_s] = kept
        return kept[1]

    def over(self, at: float, level: float = 1.0) -> Iterator[tuple[Rhythm, int, float]]:
        """The windows that hold more than they should, narrowest first: with their sum, and what was expected."""
        for rhythm in self.rhythms:
            count = self.sum(rhythm.window_s, at)
            if count >= rhythm.floor:
                usual = self.usual(rhythm.window_s, at)
                if count >= policies.ceiling(rhythm, usual, level):
                    yield rhythm, count, usual.middle * level if usual else 0.0

    def forget_hours_before(self, hour: int) -> None:
        for each in [each for each in self.hours if each < hour]:
            del self.hours[each]
        self.began = max(self.began, hour)


class _Sum:
    """What fell into the last `window_s` seconds, to a sixtieth of them."""

    def __init__(self, window_s: int) -> None:
        self._window_s = window_s
        self._step_s = window_s / STEPS
        self._parts: deque[list[float]] = deque()
        self._total = 0

    def add(self, at: float, count: int) -> None:
        step = at // self._step_s
        if self._parts and self._parts[-1][0] >= step:
            self._parts[-1][1] += count
        else:
            self._parts.append([step, count])
        self._total += count

    def total(self, at: float) -> int:
        oldest = (at - self._window_s) // self._step_s
        while self._parts and self._parts[0][0] <= oldest:
            self._total -= int(self._parts.popleft()[1])
        return self._total

"""What is the same for everybody: made once, kept for a few seconds in this process, by one thread at a time.

Owns freshness only; what is kept is the caller's. Nothing personal may be made here: makers get no request.
"""

import random
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Value = TypeVar("Value")
_all: "WeakSet[Shared[Any] | Latch]" = WeakSet()


@dataclass(slots=True)
class _Entry(Generic[Value]):
    value: Value
    fresh_until: float
    stale_until: float
    lock: threading.Lock = field(default_factory=threading.Lock)


class Shared(Generic[Value]):
    """A bounded cache with single flight: while one thread makes a value anew, the others get the one before.

    `fresh_s` is how long a value serves as it is at most (at least half of it, by chance, so that values that were made
    together do not all end together), `stale_s` how much longer it may serve while it is made anew.
    Least recently used values go first when there are more than `capacity`. A maker that raises leaves nothing behind.
    A value made anew that equals the one before *is* the one before: what hangs on it (a rendered page) stays good.
    """

    def __init__(self, *, fresh_s: float, stale_s: float, capacity: int) -> None:
        self._fresh_s, self._stale_s, self._capacity = fresh_s, stale_s, capacity
        self._entries: OrderedDict[Hashable, _Entry[Value]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()
        _all.add(self)

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        entry = self._entries.get(key)
        now = monotonic()
        if entry is not None:
            if now < entry.fresh_until:
                return entry.value
            if now < entry.stale_until and not entry.lock.acquire(blocking=False):
                return entry.value
            if now < entry.stale_until:
                try:
                    return self._keep(key, make())
                finally:
                    entry.lock.release()
        return self._make_first(key, make)

    def get_many(
        self, keys: Sequence[Hashable], make: Callable[[list[Hashable]], Mapping[Hashable, Value]]
    ) -> dict[Hashable, Value]:
        """The values of `keys`; those that are missing or stale are made together, in one call."""
        now = monotonic()
        kept = {key: entry.value for key in keys if (entry := self._entries.get(key)) and now < entry.fresh_until}
        if missing := [key for key in keys if key not in kept]:
            kept |= {key: self._keep(key, value) for key, value in make(missing).items()}
        return kept

    def put(self, key: Hashable, value: Value) -> None:
        """Keep what was made anyhow, instead of what was kept before."""
        self._keep(key, value)

    def clear(self) -> None:
        with self._guard:
            self._entries.clear()

    def _make_first(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Nothing to serve meanwhile: the others wait for the one that makes it."""
        with self._guard:
            lock = self._making.setdefault(key, threading.Lock())
        try:
            with lock:
                entry = self._entries.get(key)
                if entry is not None and monotonic() < entry.fresh_until:
                    return entry.value
                return self._keep(key, make())
        finally:
            with self._guard:
                self._making.pop(key, None)

    def _keep(self, key: Hashable, value: Value) -> Value:
        fresh_until = monotonic() + self._fresh_s * random.uniform(0.5, 1)  # noqa: S311  spreads load, guards nothing
        before = self._entries.get(key)
        if before is not None and before.value == value:
            value = before.value
        with self._guard:
            self._entries[key] = _Entry(value, fresh_until, fresh_until + self._stale_s)
            self._entries.move_to_end(key)
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
        return value


class Latch:
    """A truth that never turns back: asked for until it holds, remembered from then on."""

    def __init__(self) -> None:
        self._held = False
        _all.add(self)

    def get(self, ask: Callable[[], bool]) -> bool:
        self._held = self._held or ask()
        return self._held

    def clear(self) -> None:
        self._held = False


def forget_everything() -> None:
    """Empty every cache of this process: tests begin with nothing kept."""
    for each in _all:
        each.clear()

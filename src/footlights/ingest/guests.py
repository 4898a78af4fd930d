from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MAX_AT_ONCE = 128
MAX_FROM_AN_ADDRESS = 8


class Guests:
    """Who is at a door: few at once, few from one address."""

    def __init__(self) -> None:
        self._from: Counter[str] = Counter()

    @contextmanager
    def place_for(self, address: str) -> Iterator[bool]:
        """Whether there is one; it is theirs as long as the block lasts."""
        if self._from.total() >= MAX_AT_ONCE or self._from[address] >= MAX_FROM_AN_ADDRESS:
            yield False
            return
        self._from[address] += 1
        try:
            yield True
        finally:
            self._from[address] -= 1
            self._from += Counter()  # forget whoever has none

"""What goes wrong: a process that dies between two statements, a job that runs twice, a webhook that is lost."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

Answer = TypeVar("Answer")
STATEMENTS = 40  # a death comes before one of so many


class DiedError(BaseException):
    """As a process that is killed: nobody catches it, and what was not committed is gone."""


class Faults:
    """Decides by its seed, so that a month can be lived again. Counts what it did."""

    def __init__(self, seed: int | str, *, deaths: float, doubles: float, losses: float) -> None:
        self.chance = random.Random(seed)  # noqa: S311  the same seed, the same month
        self._deaths, self._doubles, self._losses = deaths, doubles, losses
        self.deaths = self.doubles = self.losses = 0

    def loses(self) -> bool:
        lost = self.chance.random() < self._losses
        self.losses += lost
        return lost

    def doubles_it(self) -> bool:
        doubled = self.chance.random() < self._doubles
        self.doubles += doubled
        return doubled

    def try_until_done(self, act: Callable[[], Answer]) -> Answer:
        """Do it, die perhaps, and do it again, as a person who clicks again or the worker that follows."""
        try:
            with self._perhaps_dying():
                return act()
        except DiedError:
            self.deaths += 1
            connection.close()
            return act()

    @contextmanager
    def _perhaps_dying(self) -> Iterator[None]:
        if self.chance.random() >= self._deaths:
            yield
            return
        left = self.chance.randrange(STATEMENTS)

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  Django's
            nonlocal left
            left -= 1
            if left < 0:
                raise DiedError
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            yield

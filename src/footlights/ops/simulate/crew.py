"""Processes that live the same month side by side: each does its part of a step, and the next begins when all are done.

Owns how they are forked, told and heard. Never knows what a step is.
"""

import gc
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any

from django.db import connections

from footlights.kernel.errors import FootlightsError
from footlights.ops.processes import follow_parent

END_WITHIN_S = 10
COLLECTED_AFTER = 50_000  # objects: rows come and go by the thousand, and hardly any is part of a circle


class HandFailedError(FootlightsError):
    """One of the processes did not come to the end of its step: what it said."""

    code = "hand_failed"


class Crew:
    """Those who do it. What they are told and what they answer is pickled."""

    def __init__(self, lines: list[Connection]) -> None:
        self._lines = lines

    def all_do(self, step: str, *given: Any) -> list[Any]:
        """Each the same step at the same time; their answers, in their order. Raises HandFailedError."""
        for line in self._lines:
            line.send((step, given))
        return [_hear(line) for line in self._lines]

    def first_does(self, step: str, *given: Any) -> Any:
        """The others wait meanwhile. Raises HandFailedError."""
        self._lines[0].send((step, given))
        return _hear(self._lines[0])


@contextmanager
def crew(count: int, make: Callable[[int, int], Any]) -> Iterator[Crew]:
    """`count` processes, each with what `make(number, count)` makes there, whose methods are the steps.

    Fork it before anything runs threads; the caller's database connections are closed for it.
    """
    connections.close_all()
    gc.collect()
    gc.freeze()
    forks = get_context("fork")
    lines: list[Connection] = []
    hands: list[ForkProcess] = []
    try:
        for number in range(count):
            ours, theirs = forks.Pipe()
            follow = follow_parent(signal.SIGKILL)
            hand = forks.Process(target=_work, args=(theirs, follow, make, number, count))
            hand.start()
            theirs.close()
            lines.append(ours)
            hands.append(hand)
        yield Crew(lines)
    finally:
        for line in lines:
            line.close()
        for hand in hands:
            hand.join(END_WITHIN_S)
            if hand.is_alive():
                hand.kill()
                hand.join()


def _hear(line: Connection) -> Any:
    try:
        answer, failure = line.recv()
    except EOFError as error:
        raise HandFailedError("A process of the simulation ended before its time.") from error
    if failure:
        raise HandFailedError(failure)
    return answer


def _work(
    line: Connection, follow: Callable[[], None], make: Callable[[int, int], Any], number: int, count: int
) -> None:
    follow()
    gc.set_threshold(COLLECTED_AFTER)
    hand = make(number, count)
    while True:
        try:
            step, given = line.recv()
        except EOFError:
            os._exit(0)  # nothing of the parent's is ended here
        try:
            line.send((getattr(hand, step)(*given), ""))
        except Exception:  # noqa: BLE001  whatever it is, the parent says it and ends
            line.send((None, traceback.format_exc()))

"""How many renditions this machine encodes in real time: measured on each broadcast, shared among those that run.

Each ingest of this machine writes what it takes into a file that it locks while it lives, so that the others know.
"""

import fcntl
import json
import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from footlights.ingest.ladder import Rung

logger = logging.getLogger(__name__)

SHARE = 0.75  # of the processors; the rest is for pages and films
COSTS: Mapping[str, float] = {"1080": 1.8, "720": 0.8, "360": 0.3}  # processor seconds a second, of a middling machine
MEASURED_AFTER_S = 20.0  # of a run: before that it catches up with what was kept
PACE_MIN, PACE_MAX = 0.1, 10.0
TAKEN = ".taken"  # how the files end that say it


@dataclass(slots=True)
class Capacity:
    """`pace` is how many times as long as a middling one this machine takes; `kept` is the file that remembers it.

    `node` is the name of the ingest, to tell its file beside that from those of the others.
    """

    cores: int
    kept: Path
    node: str = "ingest"
    pace: float = 1.0
    _taken: dict[str, float] = field(default_factory=dict)
    _told: int | None = field(init=False)  # an open file, until it is closed

    def __post_init__(self) -> None:
        self._told = os.open(self.kept.with_name(f"{self.node}{TAKEN}"), os.O_CREAT | os.O_WRONLY, 0o600)
        fcntl.flock(self._told, fcntl.LOCK_EX)
        self._tell()
        with suppress(OSError, ValueError, TypeError):
            self.pace = min(max(float(json.loads(self.kept.read_text())), PACE_MIN), PACE_MAX)

    def take(self, broadcast: str, rungs: Sequence[Rung], *, passed: Rung | None = None) -> list[Rung]:
        """Which of these renditions this broadcast may have beside what the others took, the highest first.

        `passed`: the one that is not encoded, which costs nothing and so always fits.
        """
        beside = sum(cost for name, cost in self._taken.items() if name != broadcast) + self._taken_by_others()
        chosen = fitting([rung for rung in rungs if rung is not passed], self.cores * SHARE / self.pace - beside)
        self._taken[broadcast] = cost_of(chosen)
        self._tell()
        return [rung for rung in rungs if rung in chosen or rung is passed]

    def give_back(self, broadcast: str) -> None:
        self._taken.pop(broadcast, None)
        self._tell()

    def close(self) -> None:
        """From now on the others count nothing as taken here."""
        if self._told is not None:
            os.close(self._told)
            self._told = None

    def _tell(self) -> None:
        if self._told is not None:
            os.pwrite(self._told, f"{sum(self._taken.values()):9.3f}".encode(), 0)

    def _taken_by_others(self) -> float:
        """By those that live: the file of one that is gone is locked by nobody."""
        taken = 0.0
        for path in self.kept.parent.glob(f"*{TAKEN}"):
            if path.name == f"{self.node}{TAKEN}":
                continue
            with path.open() as told:
                try:
                    fcntl.flock(told, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    taken += float(told.read())
        return taken

    def learn(self, rungs: Sequence[Rung], spent_s: float, encoded_s: float) -> None:
        """What an encoder of these took: half of the new pace is its. For what begins from now on."""
        if encoded_s < MEASURED_AFTER_S or not spent_s:
            return
        measured = spent_s / encoded_s / cost_of(rungs)
        self.pace = min(max((self.pace + measured) / 2, PACE_MIN), PACE_MAX)
        logger.info("this machine takes %.2f times what a middling one does", self.pace)
        with suppress(OSError):
            self.kept.write_text(json.dumps(self.pace))


def fitting(rungs: Sequence[Rung], left: float) -> list[Rung]:
    """As many as fit, from the lowest up, the highest first. One there is always: without it there is no broadcast."""
    chosen: list[Rung] = []
    for rung in reversed(rungs):
        if chosen and COSTS[rung.name] > left:
            break
        chosen.insert(0, rung)
        left -= COSTS[rung.name]
    return chosen


def cost_of(rungs: Sequence[Rung]) -> float:
    return sum(COSTS[rung.name] for rung in rungs)

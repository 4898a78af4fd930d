"""How many renditions this machine encodes in real time: measured once, shared among the broadcasts that run here."""

import asyncio
import json
import logging
import re
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from footlights.ingest import ladder
from footlights.ingest.ladder import Rung
from footlights.ingest.run import ADDRESS_BYTES, FILE_BYTES, program
from footlights.kernel import leash

logger = logging.getLogger(__name__)

SHARE = 0.75  # of the processors; the rest is for pages, films and whatever a scene asks beyond the measured one
MEASURED_S = 1
WITHIN_S = 60.0
_SPENT = re.compile(r"bench: utime=([\d.]+)s stime=([\d.]+)s")

Costs = Mapping[str, float]  # of each rendition, in processor seconds a second of picture


@dataclass(slots=True)
class Capacity:
    """`kept` is the file that remembers what was measured, for as long as this machine has as many processors."""

    cores: int
    kept: Path
    _costs: Costs | None = None
    _taken: dict[str, float] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, broadcast: str, rungs: Sequence[Rung]) -> list[Rung]:
        """Which of these renditions this broadcast may have beside what the others took, the highest first."""
        async with self._turn:
            costs = self._costs = self._costs or self._remembered() or await self._measured()
        left = self.cores * SHARE - sum(cost for name, cost in self._taken.items() if name != broadcast)
        chosen = fitting(rungs, costs, left)
        self._taken[broadcast] = sum(costs[rung.name] for rung in chosen)
        return chosen

    def give_back(self, broadcast: str) -> None:
        self._taken.pop(broadcast, None)

    def _remembered(self) -> Costs | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self.kept.read_text())
            if told["cores"] == self.cores:
                return {rung.name: float(told["costs"][rung.name]) for rung in ladder.LADDER}
        return None

    async def _measured(self) -> Costs:
        costs = {rung.name: await _cost_of(rung) for rung in ladder.LADDER}
        logger.info("a second of picture takes this machine, in processor seconds: %s", costs)
        with suppress(OSError):
            self.kept.write_text(json.dumps({"cores": self.cores, "costs": costs}))
        return costs


def fitting(rungs: Sequence[Rung], costs: Costs, left: float) -> list[Rung]:
    """As many as fit, from the lowest up, the highest first. One there is always: without it there is no broadcast."""
    chosen: list[Rung] = []
    for rung in reversed(rungs):
        if chosen and costs[rung.name] > left:
            break
        chosen.insert(0, rung)
        left -= costs[rung.name]
    return chosen


async def _cost_of(rung: Rung) -> float:
    """Without an answer it counts as more than any machine has."""
    command = [program("ffmpeg"), *ladder.measure(rung, seconds=MEASURED_S)]
    held = leash.command(command, address_bytes=ADDRESS_BYTES, file_bytes=FILE_BYTES, niceness=0)
    process = await asyncio.create_subprocess_exec(*held, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    try:
        async with asyncio.timeout(WITHIN_S):
            _out, words = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return float("inf")
    spent = _SPENT.search(words.decode(errors="replace"))
    return round((float(spent[1]) + float(spent[2])) / MEASURED_S, 3) if spent else float("inf")

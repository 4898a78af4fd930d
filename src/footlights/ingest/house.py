"""Every broadcast that is carried here: a stage for each, whoever sends to it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from footlights.ingest.admission import Admission, Place
from footlights.ingest.errors import CarriedElsewhereError, IngestError
from footlights.ingest.incoming import Seat
from footlights.ingest.neighbours import Carrier, GoneError, Neighbours
from footlights.ingest.stage import Stage

LOOK_FOR_LEFT_S = 3.0


class House:
    def __init__(self, place: Place, neighbours: Neighbours) -> None:
        self._place = place
        self._neighbours = neighbours
        self._stages: dict[str, Stage] = {}
        self._lives: set[asyncio.Task[None]] = set()

    async def admit(self, seat: Seat, *, is_handed_on: bool = False, **shown: str) -> Carrier:
        """Who carries what was shown, a `key` or a page's `camera_pass`: a stage of ours, or a neighbour.

        One that does not answer loses the broadcast to us. Raises RefusedError, HookError.
        """
        gone = ""
        while True:
            try:
                return await self._admit(seat, shown, gone)
            except CarriedElsewhereError as error:
                if is_handed_on or error.node == gone or error.node not in self._neighbours:
                    raise
                try:
                    return await self._neighbours.ask(error.node, seat, shown)
                except GoneError:
                    gone = error.node

    async def _admit(self, seat: Seat, shown: Mapping[str, str], gone: str) -> Stage:
        admission = Admission.read(await self._place.hook.ask("publish", **shown, node=self._place.node, gone=gone))
        stage = self._stage(admission)
        stage.admit(admission, seat)
        return stage

    async def resume(self) -> None:
        """Go on with what is on air and carried by nobody: of the process before this one, or of another that died."""
        while True:
            with suppress(IngestError):
                answer = await self._place.hook.ask("carried", node=self._place.node)
                for each in answer["broadcasts"]:
                    self._stage(Admission.read(each))
            await asyncio.sleep(LOOK_FOR_LEFT_S)

    async def close(self) -> None:
        await asyncio.gather(*(stage.close() for stage in self._stages.values()))

    def _stage(self, admission: Admission) -> Stage:
        stage = self._stages.get(admission.broadcast)
        if stage is None or stage.is_over:
            stage = self._stages[admission.broadcast] = Stage(admission, self._place)
            task = asyncio.create_task(self._live(stage))
            self._lives.add(task)
            task.add_done_callback(self._lives.discard)
        return stage

    async def _live(self, stage: Stage) -> None:
        try:
            await stage.live()
        finally:
            if self._stages.get(stage.admission.broadcast) is stage:
                del self._stages[stage.admission.broadcast]
                self._place.capacity.give_back(stage.admission.broadcast)

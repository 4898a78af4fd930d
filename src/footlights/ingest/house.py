"""Every broadcast that is carried here: a stage for each, whoever sends to it."""

import asyncio
from contextlib import suppress

from footlights.ingest.admission import Admission, Place
from footlights.ingest.errors import IngestError
from footlights.ingest.incoming import Seat
from footlights.ingest.stage import Stage

LOOK_FOR_LEFT_S = 3.0


class House:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._stages: dict[str, Stage] = {}
        self._lives: set[asyncio.Task[None]] = set()

    async def admit(self, seat: Seat, **shown: str) -> Stage:
        """The stage that what was shown opens: a `key`, or a page's `camera_pass`. Raises RefusedError, HookError."""
        admission = Admission.read(await self._place.hook.ask("publish", **shown, node=self._place.node))
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

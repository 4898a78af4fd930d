"""The room process: takes what viewers say from the broker, has it kept, tells rooms and viewers, four times a second.

Run several: they share what comes in, and when one dies the others take what it had not answered two seconds later.
Never decides what counts; footlights.engagement does. What is kept is in PostgreSQL before anybody is answered.
"""

import asyncio
import gc
import logging
import os
import signal
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import islice
from time import monotonic, time
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from msgspec.structs import replace

from footlights.kernel.errors import NotFoundError
from footlights.ops.engines import nats

if TYPE_CHECKING:
    from footlights.engagement.api import Broker, Change, Kept, Outcome, Said

logger = logging.getLogger(__name__)

TURN_S, TURN_MAX_S = 0.25, 1.0  # how often rooms are told of changes, at most
FULL_TURN_HERE = 5_000  # so many are told that often; more are told more at once, as each costs a delivery
AT_ONCE = 5_000
PULSE_S = 5.0  # how often a room is told who is here; and its version, where no change told it meanwhile
CATCH_UP_S = 0.5  # how often a room is told as it is, at most
LIVES_FOR = timedelta(minutes=15)
RETRY_S = 1.0
GRACE_S = 3.0
REACTIONS_A_TURN = 2  # of one viewer
BUCKETS_MAX = 100_000
COUNT_AGAIN_S = 300.0  # how often the brokers are asked anew for all of their viewers
COLLECT_AFTER = (
    50_000  # as thousands of viewers are remembered, Python's search for cycles would take a third of the time
)
NEEDS = ("footlights.engagement.api", "footlights.ops.engines.room_figures", "nats.aio.client")
Result = TypeVar("Result")


def work() -> None:
    """Look after rooms until SIGTERM, then GRACE_S at most: nothing waits for a broker or a database that is gone."""
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    asyncio.run(_run())


async def _run() -> None:
    from footlights.engagement.api import connect  # noqa: PLC0415  needs Django to be set up

    process = RoomProcess()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, loop, stop)
    starting = asyncio.create_task(connect(os.environ[nats.URL], keeper=nats.keeper(), on_back=process.expel))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        return
    await process.serve(starting.result(), stop)


def _end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    stop.set()
    loop.call_later(GRACE_S, os._exit, 0)


class RoomProcess:
    """One of those that look after all rooms."""

    def __init__(self) -> None:
        from footlights.engagement.api import Bucket, Gauge  # noqa: PLC0415  needs Django to be set up
        from footlights.ops.engines import room_figures  # noqa: PLC0415  as above

        self._bucket, self._gauge, self._figures = Bucket, Gauge(), room_figures
        self._broker: Broker | None = None
        self._waiting: dict[Said, list[Kept]] = {}  # what was sent again meanwhile is kept once, and done as often
        self._taken: dict[Said, list[Kept]] = {}  # what is being kept: what comes again meanwhile is done with it
        self._arrived = asyncio.Event()
        self._buckets: dict[UUID, Any] = {}
        self._reactions: dict[UUID, Counter[str]] = defaultdict(Counter)
        self._reacted: Counter[UUID] = Counter()
        self._here: Counter[UUID] = Counter()  # how many there were in each room, when that was counted last
        self._pulsed: set[UUID] = set()  # rooms that were told of it since
        self._wanted: set[UUID] = set()  # rooms that somebody who was away asks for
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rooms")

    async def serve(self, broker: "Broker", stop: asyncio.Event) -> None:
        """Until `stop`. What was taken by then and not answered comes again, to another process or to the next one."""
        self._broker = broker
        await self.expel()
        await broker.take(self._take, self._react, self._wanted.add)
        keep = (
            self._keep_keeping, self._keep_reacting, self._keep_pulsing, self._keep_feeling, self._keep_time,
            self._keep_catching_up, self._keep_counting,
        )  # fmt: skip
        tasks = [asyncio.create_task(each()) for each in keep]
        stopped = asyncio.create_task(stop.wait())
        watched: set[asyncio.Task[Any]] = {*tasks, stopped}
        done, _pending = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await broker.close()
        await asyncio.get_running_loop().run_in_executor(self._database, _close_database)
        self._database.shutdown()
        for task in done - {stopped}:
            task.result()

    async def expel(self) -> None:
        """Tell the broker whose tokens are void, if anybody's are: it forgets when it begins anew."""
        from footlights.engagement.api import revoked_users  # noqa: PLC0415  needs Django to be set up
        from footlights.kernel.clock import now  # noqa: PLC0415  as above

        revoked = await self._ask(lambda: revoked_users(now()))
        if revoked and self._broker is not None:  # while it takes new claims, it refuses whoever comes in
            await self._broker.expel(revoked)

    def _take(self, kept: "Kept") -> None:
        if held := self._taken.get(kept.said):
            held.append(kept)
            return
        self._waiting.setdefault(kept.said, []).append(kept)
        self._arrived.set()

    def _react(self, room_id: UUID, viewer_id: UUID, body: bytes) -> None:
        from footlights.engagement.api import REACTIONS  # noqa: PLC0415  needs Django to be set up

        reaction = body.decode(errors="replace")
        if reaction in REACTIONS and self._reacted[viewer_id] < REACTIONS_A_TURN:
            self._reacted[viewer_id] += 1
            self._reactions[room_id][reaction] += 1
            self._gauge.react(room_id, viewer_id, reaction)

    async def _keep_keeping(self) -> None:
        while True:
            await self._arrived.wait()
            began = monotonic()
            batch = {said: self._waiting.pop(said) for said in list(islice(self._waiting, AT_ONCE))}
            if not self._waiting:
                self._arrived.clear()
            await self._keep(await self._within_measure(batch))
            turn_s = TURN_S if self._waiting and len(batch) == AT_ONCE else self._turn_s()
            await asyncio.sleep(max(0.0, turn_s - (monotonic() - began)))

    def _turn_s(self) -> float:
        """Seconds between two turns, by how many are here."""
        return min(TURN_MAX_S, TURN_S * max(1.0, self._here.total() / FULL_TURN_HERE))

    async def _within_measure(self, batch: "dict[Said, list[Kept]]") -> "dict[Said, list[Kept]]":
        """What is not too much of one viewer; that is answered at once, and kept nowhere."""
        from footlights.engagement.api import refusal  # noqa: PLC0415  needs Django to be set up

        broker, at, good = self._connected(), monotonic(), {}
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets.clear()
        for said, held in batch.items():
            bucket = self._buckets.get(said.viewer_id) or self._buckets.setdefault(said.viewer_id, self._bucket(at))
            if bucket.take(at):
                good[said] = held
            else:
                await broker.answer(said.room_id, said.viewer_id, refusal(said.body, "fast"))
                for each in held:
                    await each.done()
                self._figures.ANSWERS.labels("fast").inc()
        return good

    async def _keep(self, batch: "dict[Said, list[Kept]]") -> None:
        from footlights.engagement.api import take_said  # noqa: PLC0415  needs Django to be set up
        from footlights.kernel.clock import now  # noqa: PLC0415  as above

        if not batch:
            return
        self._taken = batch
        with self._figures.TIME.time():
            outcome = await self._ask(lambda: take_said(batch, at=now()))
        await self._tell(outcome)
        self._taken = {}
        for held in batch.values():
            for each in held:
                await each.done()
        for room_id, change in outcome.changes:  # after everybody was answered
            for message in change.said:
                if not message.staff:
                    self._gauge.say(room_id, message.by, message.text)

    async def _tell(self, outcome: "Outcome") -> None:
        """Everybody, the desks, whom it answers, and the broker whom to put out."""
        broker = self._connected()
        for room_id, change in outcome.changes:
            await broker.tell(room_id, self._with_what_is_due(room_id, change))
            self._figures.CHANGES.inc()
        for room_id, desk in outcome.desks:
            await broker.tell_desk(room_id, desk)
        for room_id, viewer_id, answer in outcome.answers:
            await broker.answer(room_id, viewer_id, answer)
        for became, many in Counter(answer.refused or "kept" for _room, _viewer, answer in outcome.answers).items():
            self._figures.ANSWERS.labels(became).inc(many)
        if outcome.is_anybody_expelled:
            await self.expel()
            self._figures.EXPULSIONS.inc()

    def _with_what_is_due(self, room_id: UUID, change: "Change") -> "Change":
        """A change takes with it what would go out soon: to twenty thousand, each message costs as much as it does."""
        if reactions := self._reactions.pop(room_id, None):
            change = replace(change, r=reactions)
        if room_id in self._here and room_id not in self._pulsed:
            self._pulsed.add(room_id)
            change = replace(change, here=self._here[room_id])
        return change

    async def _keep_time(self) -> None:
        """At each second: polls close, tips that arrived are heard of, and whom a ban met meanwhile is put out."""
        from footlights.engagement.api import keep_time  # noqa: PLC0415  needs Django to be set up
        from footlights.kernel.clock import now  # noqa: PLC0415  as above

        while True:
            await asyncio.sleep(1 - time() % 1)
            await self._tell(await self._ask(lambda: keep_time(at=now())))

    async def _keep_reacting(self) -> None:
        while True:
            await asyncio.sleep(self._turn_s())
            reactions, self._reactions = self._reactions, defaultdict(Counter)
            self._reacted.clear()
            for room_id, counts in reactions.items():
                await self._connected().tell(room_id, {"r": counts})

    async def _keep_catching_up(self) -> None:
        """Rooms as they are, for those who were away: read once, however many ask, and told to all of them at once."""
        from footlights.engagement.api import snapshot  # noqa: PLC0415  needs Django to be set up

        while True:
            await asyncio.sleep(CATCH_UP_S)
            for room_id in list(self._wanted):
                self._wanted.discard(room_id)
                with suppress(NotFoundError):
                    await self._connected().tell_whole(room_id, await self._ask(partial(snapshot, room_id)))

    async def _keep_counting(self) -> None:
        while True:
            await asyncio.sleep(COUNT_AGAIN_S)
            await self._connected().presence.look()

    async def _keep_pulsing(self) -> None:
        from footlights.engagement.api import versions_since  # noqa: PLC0415  needs Django to be set up
        from footlights.kernel.clock import now  # noqa: PLC0415  as above

        while True:
            versions = await self._ask(lambda: versions_since(now() - LIVES_FOR))
            self._here = self._connected().presence.count()
            for room_id, pulse in self._pulses(versions).items():
                await self._connected().tell(room_id, pulse)
            await asyncio.sleep(PULSE_S)

    def _pulses(self, versions: dict[UUID, int]) -> dict[UUID, dict[str, int]]:
        """By room; none for one that was told of a change, and of who is here, since the last pulse."""
        told, self._pulsed = self._pulsed, set()
        here = {room_id: {"here": count} for room_id, count in self._here.items()}  # not while none is known yet
        return {room_id: {"now": v} | here.get(room_id, {}) for room_id, v in versions.items() if room_id not in told}

    async def _keep_feeling(self) -> None:
        from footlights.engagement.api import TURN_S as MOOD_TURN_S  # noqa: PLC0415  needs Django to be set up

        while True:
            await asyncio.sleep(MOOD_TURN_S - time() % MOOD_TURN_S)
            await self.feel(timedelta(seconds=MOOD_TURN_S / 2))

    async def feel(self, ago: timedelta) -> None:
        """Keep what was felt in the turn that went on so long `ago`, and tell the desks of those rooms."""
        from footlights.engagement.api import Desk, keep_mood, turn_of  # noqa: PLC0415  needs Django to be set up
        from footlights.kernel.clock import now  # noqa: PLC0415  as above
        from footlights.kernel.ids import new_id  # noqa: PLC0415  as above

        if felt := self._gauge.take():
            at, turn_id = turn_of(now() - ago), new_id()
            for room_id, mood in (await self._ask(lambda: keep_mood(felt, turn_id=turn_id, at=at))).items():
                await self._connected().tell_desk(room_id, Desk(mood=mood))

    def _connected(self) -> "Broker":
        if self._broker is None:
            raise RuntimeError("The broker is not there yet.")
        return self._broker

    async def _ask(self, question: Callable[[], Result]) -> Result:
        """Of the database, in the one thread that speaks with it. While it is away, wait and ask again."""
        from django.db import DatabaseError, InterfaceError, connection  # noqa: PLC0415  needs Django to be set up

        def ask() -> Result:
            try:
                return question()
            except (DatabaseError, InterfaceError):
                connection.close()
                raise

        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._database, ask)
            except (DatabaseError, InterfaceError) as error:
                logger.warning("rooms wait for the database: %s", str(error).strip().splitlines()[:1])
                await asyncio.sleep(RETRY_S)


def _close_database() -> None:
    from django.db import connection  # noqa: PLC0415  needs Django to be set up

    connection.close()

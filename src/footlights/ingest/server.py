"""The process: takes connections, asks whose they are, and keeps a stage for every broadcast.

Strangers cost little: few at once, few from one address, and each has ten seconds to show a key.
"""

import asyncio
import logging
import os
import socket
import zlib
from asyncio import StreamReader, StreamWriter
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from footlights.ingest.capacity import Capacity
from footlights.ingest.errors import IngestError
from footlights.ingest.hook import Hook
from footlights.ingest.incoming import Seat
from footlights.ingest.rtmp.connection import Connection
from footlights.ingest.sealed import Seal
from footlights.ingest.stage import Admission, Place, Stage

logger = logging.getLogger(__name__)

MAX_CONNECTIONS = 128
MAX_FROM_AN_ADDRESS = 8
LOOK_FOR_LEFT_S = 3.0
LISTEN_AGAIN_S = 10.0
READ_SEAL_EVERY_S = 30.0
SEALED_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`folder` is what the edge serves; `web_socket` and `secret` lead to the house."""

    hosts: list[str]
    port: int
    folder: Path
    scratch: Path
    web_socket: Path
    site_url: str
    secret: str
    cores: int = os.cpu_count() or 2
    seal: Seal | None = None

    @property
    def node(self) -> str:
        """The name of this ingest, the same after a restart."""
        return f"{socket.gethostname()[:20]}-{zlib.crc32(f'{self.folder}:{self.port}'.encode()):08x}"


class House:
    """Every broadcast that is carried here."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._stages: dict[str, Stage] = {}
        self._lives: set[asyncio.Task[None]] = set()

    async def admit(self, key: str, seat: Seat) -> Stage:
        """The stage that this key opens. Raises RefusedError, HookError."""
        admission = Admission.read(await self._place.hook.ask("publish", key=key, node=self._place.node))
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


class Door:
    """Takes one connection after another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._from: Counter[str] = Counter()

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ["?"])[0])
        if self._from.total() >= MAX_CONNECTIONS or self._from[address] >= MAX_FROM_AN_ADDRESS:
            writer.transport.abort()
            return
        self._from[address] += 1
        connection = Connection(reader, writer)
        try:
            await self._serve(connection)
        except (IngestError, TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            logger.info("a sender left: %s", error or type(error).__name__)
        finally:
            self._from[address] -= 1
            self._from += Counter()  # forget whoever has none
            await connection.close()

    async def _serve(self, connection: Connection) -> None:
        stage, seat = None, Seat.MAIN

        async def admit(key: str) -> None:
            nonlocal stage, seat
            seat = Seat.BACKUP if connection.application == Seat.BACKUP else Seat.MAIN
            stage = await self._house.admit(key, seat)

        await connection.open(admit)
        if stage:
            await stage.carry(connection, seat)


async def serve(settings: Settings, stop: asyncio.Event, *, listening: asyncio.Future[int] | None = None) -> None:
    """Until `stop` is set. `listening` is told the port."""
    hook = Hook(settings.web_socket, settings.site_url, settings.secret)
    capacity = Capacity(settings.cores, settings.scratch / "pace.json")
    house = House(Place(settings.folder, settings.scratch, hook, settings.node, capacity))
    resuming = asyncio.create_task(house.resume())
    door = Door(house)
    try:
        async with asyncio.TaskGroup() as open_doors:
            open_doors.create_task(_keep_open(door, settings, stop, listening=listening))
            if settings.seal:
                open_doors.create_task(_keep_open(door, settings, stop, seal=settings.seal))
    finally:
        resuming.cancel()
        await house.close()


async def _keep_open(
    door: Door,
    settings: Settings,
    stop: asyncio.Event,
    *,
    seal: Seal | None = None,
    listening: asyncio.Future[int] | None = None,
) -> None:
    """One port, until `stop` is set; a sealed one from when there is a certificate."""
    server = await _listen(door, settings, stop, seal)
    if server is None:
        return
    async with server:
        if listening:
            listening.set_result(server.sockets[0].getsockname()[1])
        while not await _is_set_within(stop, READ_SEAL_EVERY_S):
            _is_readable(seal)
        server.close()


async def _listen(door: Door, settings: Settings, stop: asyncio.Event, seal: Seal | None) -> asyncio.Server | None:
    """A port that is taken is asked for again: another service may give it back."""
    port = seal.port if seal else settings.port
    within_s = SEALED_WITHIN_S if seal else None
    while not stop.is_set():
        if _is_readable(seal):
            try:
                return await asyncio.start_server(
                    door.take, settings.hosts, port, ssl=seal and seal.context, ssl_handshake_timeout=within_s
                )
            except OSError as error:
                logger.warning("Nobody can send yet: port %s is taken (%s).", port, error.strerror)
        await _is_set_within(stop, LISTEN_AGAIN_S)
    return None


def _is_readable(seal: Seal | None) -> bool:
    """A certificate that is just being written is read the next time."""
    try:
        return seal is None or seal.read()
    except OSError as error:
        logger.warning("The certificate for senders cannot be read: %s", error)
        return False


async def _is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()

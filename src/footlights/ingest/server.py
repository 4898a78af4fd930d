"""The process: takes connections, and asks whose they are.

Strangers cost little: few at once, few from one address, and each has ten seconds to show a key.
"""

import asyncio
import logging
import os
import socket
import zlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from footlights.ingest.admission import Place
from footlights.ingest.camera import CameraDoor, take_cameras
from footlights.ingest.capacity import Capacity
from footlights.ingest.errors import IngestError
from footlights.ingest.guests import Guests
from footlights.ingest.hook import Hook
from footlights.ingest.house import House
from footlights.ingest.incoming import Seat
from footlights.ingest.neighbours import Neighbours, take_handed_on
from footlights.ingest.rtmp.connection import Connection
from footlights.ingest.sealed import Seal

logger = logging.getLogger(__name__)

LISTEN_AGAIN_S = 10.0
READ_SEAL_EVERY_S = 30.0
SEALED_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`folder` is what the edge serves, `camera_socket` where it hands browsers on; the rest leads to the house.

    Several ingests on one port each have a `number`, from 1 on, and one of `sockets` for what the others hand on.
    """

    hosts: list[str]
    port: int
    folder: Path
    scratch: Path
    web_socket: Path
    camera_socket: Path
    site_url: str
    secret: str
    cores: int = os.cpu_count() or 2
    seal: Seal | None = None
    number: int = 1
    sockets: Sequence[Path] = ()

    @property
    def node(self) -> str:
        """The name of this ingest, the same after a restart."""
        return self._name(self.number)

    @property
    def neighbours(self) -> Mapping[str, Path]:
        """The sockets of the others on this port, by their names."""
        each = enumerate(self.sockets, start=1)
        return {self._name(number): path for number, path in each if number != self.number}

    def _name(self, number: int) -> str:
        name = f"{socket.gethostname()[:20]}-{zlib.crc32(f'{self.folder}:{self.port}'.encode()):08x}"
        return name if number == 1 else f"{name}-{number}"


class Door:
    """Takes one connection after another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._guests = Guests()

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ["?"])[0])
        with self._guests.place_for(address) as is_free:
            if not is_free:
                writer.transport.abort()
                return
            connection = Connection(reader, writer)
            try:
                await self._serve(connection)
            except (IngestError, TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
                logger.info("a sender left: %s", error or type(error).__name__)
            finally:
                await connection.close()

    async def _serve(self, connection: Connection) -> None:
        carrier, seat = None, Seat.MAIN

        async def admit(key: str) -> None:
            nonlocal carrier, seat
            seat = Seat.BACKUP if connection.application == Seat.BACKUP else Seat.MAIN
            carrier = await self._house.admit(seat, key=key)

        await connection.open(admit)
        if carrier:
            connection.gather(carrier.gather_s)
            await carrier.carry(connection, seat)


async def serve(settings: Settings, stop: asyncio.Event, *, listening: asyncio.Future[int] | None = None) -> None:
    """Until `stop` is set. `listening` is told the port."""
    hook = Hook(settings.web_socket, settings.site_url, settings.secret)
    capacity = Capacity(settings.cores, settings.scratch / "pace.json", settings.node)
    place = Place(settings.folder, settings.scratch, hook, settings.node, capacity)
    house = House(place, Neighbours(settings.neighbours))
    resuming = asyncio.create_task(house.resume())
    door = Door(house)
    try:
        async with asyncio.TaskGroup() as open_doors:
            open_doors.create_task(_keep_open(door, settings, stop, listening=listening))
            open_doors.create_task(take_cameras(CameraDoor(house), settings.camera_socket, settings.site_url, stop))
            if settings.neighbours:
                open_doors.create_task(take_handed_on(house, settings.sockets[settings.number - 1], stop))
            if settings.seal:
                open_doors.create_task(_keep_open(door, settings, stop, seal=settings.seal))
    finally:
        resuming.cancel()
        await house.close()
        capacity.close()


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
                    door.take,
                    settings.hosts,
                    port,
                    ssl=seal and seal.context,
                    ssl_handshake_timeout=within_s,
                    reuse_port=bool(settings.neighbours),  # the system shares out who comes
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

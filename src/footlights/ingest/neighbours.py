"""The ingests beside this one. They share a port, so a sender may come to one while another carries its broadcast.

It is handed on then, as an FLV file over a socket of this machine. Whoever takes it says an empty line at once, so that
a busy one is not taken for one that is gone. Then a line of JSON each way: what the sender showed and to which `seat`
it came; {"taken": gather_s}, or {"refused": words}.
"""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

from footlights.ingest import flv
from footlights.ingest.errors import BadStreamError, HookError, IngestError, RefusedError
from footlights.ingest.incoming import Seat, Sender
from footlights.ingest.rtmp.chunks import Message

LIVES_WITHIN_S = 2.0
ANSWERS_WITHIN_S = 8.0


class Carrier(Protocol):
    """Whoever takes what a sender sends: a stage of ours, or a neighbour."""

    @property
    def gather_s(self) -> float: ...
    async def carry(self, sender: Sender, seat: Seat) -> None: ...


class Doorkeeper(Protocol):
    async def admit(self, seat: Seat, *, is_handed_on: bool = False, **shown: str) -> Carrier: ...


class GoneError(IngestError):
    """A neighbour was killed, or stands still."""

    code = "gone"


class Neighbour:
    """One that took a sender of ours."""

    def __init__(self, writer: StreamWriter, gather_s: float) -> None:
        self._writer = writer
        self.gather_s = gather_s

    async def carry(self, sender: Sender, seat: Seat) -> None:
        """Hand on what it sends until it ends; the neighbour knows its seat. Raises GoneError."""
        del seat
        try:
            self._writer.write(flv.header(sound=True))
            async for message in sender.media():
                self._writer.write(flv.tag(message, message.at_ms))
                await self._writer.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise GoneError("The ingest that carried it is gone.") from error
        finally:
            self._writer.close()


class Neighbours:
    """All of them, each by its name with its socket."""

    def __init__(self, sockets: Mapping[str, Path]) -> None:
        self._sockets = sockets

    def __contains__(self, node: str) -> bool:
        return node in self._sockets

    async def ask(self, node: str, seat: Seat, shown: Mapping[str, str]) -> Neighbour:
        """Whether it takes this sender. Raises RefusedError with its words, GoneError where it is not, HookError."""
        with ExitStack() as undone:
            try:
                async with asyncio.timeout(LIVES_WITHIN_S):
                    reader, writer = await asyncio.open_unix_connection(str(self._sockets[node]))
                    undone.callback(writer.close)
                    await reader.readexactly(1)
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                raise GoneError(f"{node} does not answer.") from error
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    writer.write(json.dumps({"seat": seat, **shown}).encode() + b"\n")
                    answer = json.loads(await reader.readline())
            except (OSError, TimeoutError, ValueError) as error:
                raise HookError("The service does not answer. Try again in a moment.") from error
            if "taken" not in answer:
                raise RefusedError(str(answer["refused"]))
            undone.pop_all()
            return Neighbour(writer, float(answer["taken"]))


class _Handed:
    """A sender that came to a neighbour, as incoming.py wants them."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def media(self) -> AsyncIterator[Message]:
        return flv.messages(self._reader)

    async def close(self) -> None:
        self._writer.close()


async def take_handed_on(house: Doorkeeper, socket: Path, stop: asyncio.Event) -> None:
    """What comes to the neighbours and belongs here, until `stop` is set."""

    async def take(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(b"\n")
            try:
                shown = json.loads(await reader.readline())
                seat = Seat(shown.pop("seat"))
                carrier = await house.admit(seat, is_handed_on=True, **shown)
                writer.write(json.dumps({"taken": carrier.gather_s}).encode() + b"\n")
                await carrier.carry(_Handed(reader, writer), seat)
            except (RefusedError, BadStreamError) as error:
                writer.write(json.dumps({"refused": str(error)}).encode() + b"\n")
            finally:
                writer.close()

    async with await asyncio.start_unix_server(take, socket):
        await stop.wait()

"""One sender's RTMP connection: handshake, commands, and media only after the service let the key in.

Deadlines and sizes bound a stranger; nothing they send is kept. Enhanced RTMP passes through: codecs are ffmpeg's.
"""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from footlights.ingest.errors import BadStreamError, IngestError, RefusedError
from footlights.ingest.rtmp import amf
from footlights.ingest.rtmp.chunks import AUDIO, COMMAND, DATA, VIDEO, ChunkReader, Message, written
from footlights.ingest.rtmp.gathering import Gathering

HELLO_WITHIN_S = 10.0  # from the connection to a key
STRANGER_BYTES = 32 << 10  # before a key; encoders need about 4 KiB
SILENT_AFTER_S = 8.0  # without a whole message a sender is gone
ACKNOWLEDGE_BYTES = 1 << 20
_HANDSHAKE_BYTES = 1536
_VERSION = 3
_ACKNOWLEDGEMENT, _WINDOW_SIZE, _PEER_BANDWIDTH = 3, 5, 6
_STREAM = 1  # the one message stream we give out
_LIVES = {AUDIO, VIDEO, DATA}

Admit = Callable[[str], Awaitable[None]]  # raises IngestError unless whoever has this key may send now


class Connection:
    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._chunks = ChunkReader(reader)
        self._acknowledged = 0
        self.application = ""  # the address without its host and key: "live" of rtmp://host/live

    async def open(self, admit: Admit) -> None:
        """Everything up to the first byte of media. Raises RefusedError, IngestError, BadStreamError, TimeoutError."""
        async with asyncio.timeout(HELLO_WITHIN_S):
            await self._shake_hands()
            self._messages = self._chunks.messages()
            async for message in self._messages:
                if message.kind in {AUDIO, VIDEO}:
                    raise BadStreamError("Media before a key.")
                if self._chunks.received > STRANGER_BYTES:
                    raise BadStreamError("Too much said before a key.")
                if message.kind == COMMAND and await self._answer(amf.decode(message.body), admit):
                    return
        raise BadStreamError("It left without a key.")

    async def media(self) -> AsyncIterator[Message]:
        """Sound, picture and data until the sender ends it, is gone or is silent for too long."""
        while True:
            async with asyncio.timeout(SILENT_AFTER_S):
                message = await anext(self._messages, None)
            if message is None or (message.kind == COMMAND and _ends(message)):
                return
            self._acknowledge()
            if message.kind in _LIVES:
                yield message

    def gather(self, every_s: float) -> None:
        """From now on read what comes within so long together."""
        transport = self._writer.transport
        if every_s and isinstance(transport, asyncio.Transport):
            Gathering(transport, every_s=every_s, taken=lambda: self._chunks.received)

    async def close(self) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self._writer.transport.abort()

    async def _shake_hands(self) -> None:
        hello = await self._reader.readexactly(1 + _HANDSHAKE_BYTES)
        if hello[0] != _VERSION:
            raise BadStreamError("Not RTMP.")
        self._writer.write(bytes([_VERSION]) + bytes(8) + os.urandom(_HANDSHAKE_BYTES - 8) + hello[1:])
        await self._writer.drain()
        await self._reader.readexactly(_HANDSHAKE_BYTES)

    async def _answer(self, values: list[Any], admit: Admit) -> bool:
        """Whether it was the command to publish, and was let in."""
        name, number, *rest = [*values, None, None][: max(4, len(values))]
        match name:
            case "connect":
                self.application = _application(rest[0])
                self._write(_WINDOW_SIZE, (ACKNOWLEDGE_BYTES * 4).to_bytes(4, "big"), chunk_stream=2)
                self._write(_PEER_BANDWIDTH, (ACKNOWLEDGE_BYTES * 4).to_bytes(4, "big") + b"\2", chunk_stream=2)
                described = {"level": "status", "code": "NetConnection.Connect.Success", "objectEncoding": 0}
                self._command("_result", number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}, described)
            case "createStream":
                self._command("_result", number, None, _STREAM)
            case "releaseStream" | "FCPublish":
                self._command("_result", number, None, None)
            case "publish":
                await self._publish(str(rest[1] or ""), admit)
                await self._writer.drain()
                return True
        await self._writer.drain()
        return False

    async def _publish(self, name: str, admit: Admit) -> None:
        try:
            await admit(name.split("?", maxsplit=1)[0].strip())
        except IngestError as error:
            code = "BadName" if isinstance(error, RefusedError) else "Failed"
            self._status("error", f"NetStream.Publish.{code}", str(error))
            await self._writer.drain()
            raise
        self._status("status", "NetStream.Publish.Start", "You are sending.")

    def _status(self, level: str, code: str, words: str) -> None:
        told = {"level": level, "code": code, "description": words}
        self._write(COMMAND, amf.encode("onStatus", 0, None, told), message_stream=_STREAM)

    def _command(self, *values: Any) -> None:
        self._write(COMMAND, amf.encode(*values))

    def _write(self, kind: int, body: bytes, *, chunk_stream: int = 3, message_stream: int = 0) -> None:
        self._writer.write(written(kind, body, chunk_stream=chunk_stream, message_stream=message_stream))

    def _acknowledge(self) -> None:
        """Encoders that count want to hear how much arrived."""
        received = self._chunks.received
        if received - self._acknowledged >= ACKNOWLEDGE_BYTES:
            self._acknowledged = received
            self._write(_ACKNOWLEDGEMENT, (received % (1 << 32)).to_bytes(4, "big"), chunk_stream=2)


def _ends(message: Message) -> bool:
    return amf.decode(message.body)[:1] in (["FCUnpublish"], ["deleteStream"], ["closeStream"])


def _application(asked: Any) -> str:
    """What a connect command names. Some encoders put the key behind it."""
    named = str(asked.get("app") or "") if isinstance(asked, dict) else ""
    return named.split("?", maxsplit=1)[0].strip("/").split("/", maxsplit=1)[0]

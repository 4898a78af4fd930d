"""RTMP's chunk stream: messages out of bytes, and bytes of messages (Adobe's RTMP 1.0, §5.3).

Bounds whatever the other side may choose: the size of a chunk and of a message, and how many it may interleave.
"""

import struct
from asyncio import StreamReader
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from footlights.ingest.errors import BadStreamError

DEFAULT_CHUNK_BYTES = 128
MAX_CHUNK_BYTES = 1 << 20
MAX_STREAMS = 32
MAX_COMMAND_BYTES = 16 << 10
MAX_MEDIA_BYTES = 8 << 20  # a key frame of a large picture
SET_CHUNK_SIZE, ABORT, AUDIO, VIDEO, DATA, COMMAND = 1, 2, 8, 9, 18, 20
_MEDIA = {AUDIO, VIDEO}
_LATER = 0xFFFFFF  # the timestamp has four bytes of its own
_CLOCK = 1 << 32


@dataclass(frozen=True, slots=True)
class Message:
    """`at_ms` is the sender's clock, of 32 bits."""

    kind: int
    at_ms: int
    body: bytes


@dataclass(slots=True)
class _Stream:
    """What the headers of a chunk stream leave out is as it was in the chunk before."""

    at_ms: int = 0
    delta_ms: int = 0
    size: int = 0
    kind: int = 0
    has_later: bool = False
    parts: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """The messages of a connection after its handshake. `received` counts bytes."""

    def __init__(self, reader: StreamReader) -> None:
        self._reader = reader
        self._chunk_bytes = DEFAULT_CHUNK_BYTES
        self._streams: dict[int, _Stream] = {}
        self.received = 0

    async def messages(self) -> AsyncIterator[Message]:
        """Until the connection ends. Raises BadStreamError, IncompleteReadError."""
        while True:
            stream = await self._header()
            left = stream.size - len(stream.parts)
            stream.parts += await self._take(min(left, self._chunk_bytes))
            if len(stream.parts) < stream.size:
                continue
            message = Message(stream.kind, stream.at_ms, bytes(stream.parts))
            stream.parts.clear()
            if message.kind == SET_CHUNK_SIZE:
                self._set_chunk_size(message.body)
            elif message.kind == ABORT:
                self._abort(message.body)
            else:
                yield message

    async def _header(self) -> _Stream:
        [first] = await self._take(1)
        form, number = first >> 6, first & 63
        if number == 0:
            number = 64 + (await self._take(1))[0]
        elif number == 1:
            low, high = await self._take(2)
            number = 64 + low + 256 * high
        stream = self._streams.get(number)
        if stream is None:
            if len(self._streams) >= MAX_STREAMS or form == 3:  # noqa: PLR2004  the fourth form continues one
                raise BadStreamError("More chunk streams than any encoder has, or one that never began.")
            stream = self._streams[number] = _Stream()
        if form == 3:  # noqa: PLR2004  as above
            await self._continue(stream)
        else:
            await self._begin(stream, form)
        return stream

    async def _begin(self, stream: _Stream, form: int) -> None:
        if stream.parts:
            raise BadStreamError("A message begins inside another.")
        head = await self._take((11, 7, 3)[form])
        moment = int.from_bytes(head[:3], "big")
        if form < 2:  # noqa: PLR2004  of the four forms of header these two carry size and kind
            stream.size, stream.kind = int.from_bytes(head[3:6], "big"), head[6]
            if stream.size > (MAX_MEDIA_BYTES if stream.kind in _MEDIA else MAX_COMMAND_BYTES):
                raise BadStreamError("A message that is larger than any encoder's.")
        stream.has_later = moment == _LATER
        if stream.has_later:
            moment = int.from_bytes(await self._take(4), "big")
        if form == 0:
            stream.at_ms, stream.delta_ms = moment, 0
        else:
            stream.at_ms, stream.delta_ms = (stream.at_ms + moment) % _CLOCK, moment

    async def _continue(self, stream: _Stream) -> None:
        if stream.has_later:
            await self._take(4)
        if not stream.parts:
            stream.at_ms = (stream.at_ms + stream.delta_ms) % _CLOCK

    def _set_chunk_size(self, body: bytes) -> None:
        size = int.from_bytes(body[:4], "big")
        if len(body) != 4 or not 0 < size <= MAX_CHUNK_BYTES:  # noqa: PLR2004  an integer
            raise BadStreamError("A chunk size out of reason.")
        self._chunk_bytes = size

    def _abort(self, body: bytes) -> None:
        if stream := self._streams.get(int.from_bytes(body[:4], "big")):
            stream.parts.clear()

    async def _take(self, size: int) -> bytes:
        self.received += size
        return await self._reader.readexactly(size)


def written(kind: int, body: bytes, *, chunk_stream: int = 3, message_stream: int = 0) -> bytes:
    """A message in chunks of the size both sides begin with."""
    head = bytes([chunk_stream]) + b"\0\0\0" + len(body).to_bytes(3, "big") + bytes([kind])
    head += struct.pack("<I", message_stream)
    parts = [body[at : at + DEFAULT_CHUNK_BYTES] for at in range(0, len(body), DEFAULT_CHUNK_BYTES)]
    return head + bytes([0xC0 | chunk_stream]).join(parts)

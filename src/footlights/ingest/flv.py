"""The same messages as an FLV file, for ffmpeg: what a decoder needs first, then the stream from a key frame on.

A run's time begins at zero and never jumps, whatever the sender's clock does.
"""

from asyncio import IncompleteReadError, StreamReader
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from footlights.ingest.errors import BadStreamError
from footlights.ingest.rtmp import amf
from footlights.ingest.rtmp.chunks import AUDIO, DATA, VIDEO, Message

JUMP_MS = 3_000  # more than this forward, or BACK_MS backward, is a clock that was set
BACK_MS = 1_000
STEP_MS = 33
_AAC = 10
_EXTENDED_AUDIO = 9
_KEY_FRAME = 1
_HEAD_BYTES = 11
_SET_DATA = "@setDataFrame"
_PCM, _PCM_SILENT, _PCM_RATE = b"\x34", b"\x80", 11_025  # linear, 8 bit, one channel


def header(*, sound: bool) -> bytes:
    return b"FLV\1" + bytes([5 if sound else 1]) + (9).to_bytes(4, "big") + bytes(4)


def tag(message: Message, at_ms: int) -> bytes:
    body = message.body
    if message.kind == DATA:
        body = body.removeprefix(amf.encode(_SET_DATA))
    moment = (at_ms & 0xFFFFFF).to_bytes(3, "big") + bytes([at_ms >> 24 & 0x7F])
    head = bytes([message.kind]) + len(body).to_bytes(3, "big") + moment + bytes(3)
    return head + body + (len(head) + len(body)).to_bytes(4, "big")


async def messages(file: StreamReader) -> AsyncIterator[Message]:
    """Those of an FLV file, as it is written, until it ends. Raises BadStreamError where it is none."""
    try:
        if not (await file.readexactly(len(header(sound=True)))).startswith(b"FLV"):
            raise BadStreamError("Not an FLV file.")
        while True:
            head = await file.readexactly(_HEAD_BYTES)
            size, at_ms = int.from_bytes(head[1:4], "big"), int.from_bytes(head[4:7], "big") | head[7] << 24
            body = await file.readexactly(size)
            await file.readexactly(4)  # how long it was
            yield Message(head[0] & 31, at_ms, body)
    except IncompleteReadError:
        return


def is_key_frame(message: Message) -> bool:
    """Whether a picture can be decoded from here."""
    return (
        message.kind == VIDEO and bool(message.body) and message.body[0] >> 4 & 7 == _KEY_FRAME and not sets_up(message)
    )


def sets_up(message: Message) -> bool:
    """Whether it is what its decoder needs before everything else (a sequence header)."""
    body = message.body
    if message.kind == VIDEO and body:
        is_extended = body[0] & 0x80
        return body[0] & 15 == 0 if is_extended else body[0] & 15 == 7 and body[1:2] == b"\0"  # noqa: PLR2004  AVC
    if message.kind == AUDIO and body:
        kind = body[0] >> 4
        return body[0] & 15 == 0 if kind == _EXTENDED_AUDIO else kind == _AAC and body[1:2] == b"\0"
    return False


@dataclass(slots=True)
class Clock:
    """A run's own time, from `begins_ms` on. `jumps` counts how often the sender's was set."""

    begins_ms: int = 0
    last_ms: int | None = None
    offset_ms: int = 0
    jumps: int = 0

    def read(self, at_ms: int) -> int:
        if self.last_ms is None:
            self.offset_ms, self.last_ms = self.begins_ms - at_ms, self.begins_ms
        moment = at_ms + self.offset_ms
        if moment > self.last_ms + JUMP_MS or moment < self.last_ms - BACK_MS:
            self.jumps += 1
            self.offset_ms = self.last_ms + STEP_MS - at_ms
            moment = self.last_ms + STEP_MS
        self.last_ms = max(self.last_ms, moment)
        return max(0, moment)


@dataclass(slots=True)
class Silence:
    """The sound of a sender without any: as long as its pictures, so that both end together."""

    until_ms: int = 0

    def reach(self, at_ms: int) -> bytes:
        """What is missing until then."""
        if at_ms <= self.until_ms:
            return b""
        begin_ms, self.until_ms = self.until_ms, at_ms
        samples = at_ms * _PCM_RATE // 1000 - begin_ms * _PCM_RATE // 1000
        return tag(Message(AUDIO, begin_ms, _PCM + _PCM_SILENT * samples), begin_ms)


@dataclass(slots=True)
class Preamble:
    """What a decoder that starts now needs first: the latest of each kind."""

    data: Message | None = None
    video: Message | None = None
    audio: Message | None = None
    _seen: set[int] = field(default_factory=set)

    def note(self, message: Message) -> bool:
        """Whether from here on a decoder needs to be set up anew."""
        self._seen.add(message.kind)
        if message.kind == DATA:
            self.data = message
        elif sets_up(message):
            name = "video" if message.kind == VIDEO else "audio"
            before: Message | None = getattr(self, name)
            setattr(self, name, message)
            return before is not None and before.body != message.body
        return False

    @property
    def has_sound(self) -> bool:
        return AUDIO in self._seen

    @property
    def has_picture(self) -> bool:
        return VIDEO in self._seen

    def tags(self) -> bytes:
        return b"".join(tag(each, 0) for each in (self.data, self.video, self.audio) if each)

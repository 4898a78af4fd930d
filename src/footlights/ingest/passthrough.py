"""Whether what a sender sends can reach viewers as it is, in place of one rendition (passthrough).

Decided from what was measured: pictures that a decoder can begin with where segments begin, always; no picture
that was lost or came twice; a size of the ladder's, at no more than its bit rate; and a form that every player knows.
Whatever is not so is encoded, which is always possible. Moments are milliseconds of the sender's clock.
"""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from footlights.ingest import flv
from footlights.ingest.ladder import Rung
from footlights.ingest.rtmp.chunks import VIDEO, Message
from footlights.ingest.run import ADDRESS_BYTES, program
from footlights.kernel import leash

STEADY_MS = 20_000  # for so long before it is passed through
GRID_MS = 500  # key frames come after a multiple of it
BEGINS_WITHIN_MS, STAYS_WITHIN_MS = 2, 6  # of the grid; segments are cut 10 ms before it (run.LEAD_MS)
RATE_OVER_MS = 10_000
BEGINS_BELOW, STAYS_BELOW = 1.05, 1.25  # of the rendition's bit rate
MOST_FRAMES_PER_S = 61
PAUSE_MS = 1_000  # without a picture, or a clock that was set
MOST_DELAY_MS = 500
_AVC, _IDR, _PARAMETER_SETS = 7, 5, {7, 8}  # H.264 §7.4.1
_HEAD_BYTES = 5  # of a picture in FLV, before its first NAL unit
_CODEC = 0x8F  # of its first byte; with the uppermost bit it is Enhanced RTMP's, and means something else
_PROBE_WITHIN_S = 5.0
_PROFILES = {"Constrained Baseline", "Main", "High"}
_MOST_LEVEL = 42  # 4.2, which 1920 × 1080 at 60 pictures a second needs
_SQUARE = {"1:1", "0:1", None}


@dataclass(frozen=True, slots=True)
class Group:
    """From one key frame to the next."""

    for_ms: int
    size_bytes: int
    frames: int


@dataclass(slots=True)
class Passthrough:
    """What was measured of one sender. `is_barred`: it did not go well once, so it is not tried again."""

    is_barred: bool = False
    _size: tuple[int, int] | None = None  # width and height of a picture that every player knows
    _probing: asyncio.Task[None] | None = None
    _setup: bytes = b""
    _first_ms: int | None = None  # the key frame that all others are measured from
    _step_ms: int = 0
    _key_ms: int = 0
    _last_ms: int = 0
    _delay_ms: int = 0  # of a key frame: how much later than it is decoded it is shown
    _off_ms: int = 0  # at worst
    _size_bytes: int = 0
    _frames: int = 0
    _groups: deque[Group] = field(default_factory=deque)

    def note(self, message: Message) -> None:
        """Measure one message more, in the order in which they come."""
        if message.kind != VIDEO:
            return
        if flv.sets_up(message):
            if message.body != self._setup:
                self._setup, self._size, self._probing = message.body, None, None
                self._begin(None)
            return
        if not 0 <= message.at_ms - self._last_ms < PAUSE_MS:
            self._begin(None)
        if flv.is_key_frame(message):
            self._note_key(message)
        elif self._step_ms and message.at_ms - self._key_ms > self._step_ms + STAYS_WITHIN_MS:
            self._begin(None)
        self._last_ms = message.at_ms
        self._size_bytes += len(message.body)
        self._frames += 1

    def rung(self, rungs: Sequence[Rung], *, segment_s: int, is_passed: bool = False) -> Rung | None:
        """Which of these it may replace. What `is_passed` already may differ a little more.

        Never the last: that one is encoded, and watched meanwhile.
        """
        if self.is_barred or self._size is None or not self._is_steady(is_passed=is_passed):
            return None
        over_s = sum(group.for_ms for group in self._groups) / 1000
        bps = sum(group.size_bytes for group in self._groups) * 8 / over_s
        frames_per_s = sum(group.frames for group in self._groups) / over_s
        if segment_s * 1000 % self._step_ms or frames_per_s > MOST_FRAMES_PER_S:
            return None
        most = STAYS_BELOW if is_passed else BEGINS_BELOW
        fits = (rung for rung in rungs[:-1] if (rung.width, rung.height) == self._size and bps <= rung.bps * most)
        return next(fits, None)

    def probe(self, key_frame: Message) -> None:
        """Learn of its form, once it was steady for long enough."""
        if self._probing is None and not self.is_barred and self._is_steady(is_passed=False):
            setup = Message(VIDEO, 0, self._setup)
            clip = flv.header(sound=False) + flv.tag(setup, 0) + flv.tag(key_frame, 0)
            self._probing = asyncio.create_task(self._learn(clip))

    async def _learn(self, clip: bytes) -> None:
        setup = self._setup
        found = await size_of(clip)
        if setup == self._setup:
            self._size = found

    def _is_steady(self, *, is_passed: bool) -> bool:
        if self._first_ms is None or not self._groups:
            return False
        return is_passed or (self._key_ms - self._first_ms >= STEADY_MS and self._off_ms <= BEGINS_WITHIN_MS)

    def _note_key(self, message: Message) -> None:
        at_ms, first_ms = message.at_ms, self._first_ms
        delay_ms = int.from_bytes(message.body[2:_HEAD_BYTES], "big", signed=True)
        is_known = message.body[0] & _CODEC == _AVC and 0 <= delay_ms <= MOST_DELAY_MS
        if not is_known or not _begins_anew(message.body, self._setup):
            self._begin(None)
            return
        if first_ms is not None and not self._step_ms:
            self._step_ms = round((at_ms - first_ms) / GRID_MS) * GRID_MS
        off_ms = self._off_grid_ms(at_ms)
        if first_ms is None or delay_ms != self._delay_ms or off_ms > STAYS_WITHIN_MS:
            self._begin(at_ms)
            self._delay_ms = delay_ms
            return
        self._off_ms = max(self._off_ms, off_ms)
        self._groups.append(Group(at_ms - self._key_ms, self._size_bytes, self._frames))
        while sum(group.for_ms for group in self._groups) - self._groups[0].for_ms >= RATE_OVER_MS:
            self._groups.popleft()
        self._key_ms, self._size_bytes, self._frames = at_ms, 0, 0

    def _off_grid_ms(self, at_ms: int) -> int:
        """How far from where a key frame belongs; very far, where one was left out."""
        if self._first_ms is None or not self._step_ms or self._key_ms + 1.5 * self._step_ms < at_ms:
            return GRID_MS
        since = at_ms - self._first_ms
        return abs(since - round(since / self._step_ms) * self._step_ms)

    def _begin(self, at_ms: int | None) -> None:
        """Measure anew, from this key frame or the next."""
        self._first_ms, self._step_ms, self._off_ms = at_ms, 0, 0
        self._key_ms = at_ms or 0
        self._size_bytes = self._frames = 0
        self._groups.clear()


def _begins_anew(body: bytes, setup: bytes) -> bool:
    """Whether nothing after this picture needs one before it, and its parameter sets are the known ones."""
    length_bytes = (setup[_HEAD_BYTES + 4] & 3) + 1 if len(setup) > _HEAD_BYTES + 4 else 4
    kinds, at = set(), _HEAD_BYTES
    while at + length_bytes < len(body):
        size = int.from_bytes(body[at : at + length_bytes], "big")
        unit = body[at + length_bytes : at + length_bytes + size]
        kinds.add(unit[0] & 31 if unit else 0)
        if kinds & _PARAMETER_SETS and unit and unit[0] & 31 in _PARAMETER_SETS and unit not in setup:
            return False
        at += length_bytes + size
    return _IDR in kinds


async def size_of(clip: bytes) -> tuple[int, int] | None:
    """Width and height of the picture in an FLV file, where every player knows its form: H.264, 8 bit, 4:2:0."""
    command = [program("ffprobe"), "-v", "error", "-protocol_whitelist", "pipe", "-f", "flv", "-i", "pipe:0"]
    command += ["-select_streams", "v:0", "-show_streams", "-of", "json"]
    found: dict[str, Any] = {}
    prober = await asyncio.create_subprocess_exec(
        *leash.command(command, address_bytes=ADDRESS_BYTES, file_bytes=0, niceness=5),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    try:
        with suppress(ValueError, LookupError, TimeoutError):
            async with asyncio.timeout(_PROBE_WITHIN_S):
                found = json.loads((await prober.communicate(clip))[0])["streams"][0]
    finally:
        if prober.returncode is None:
            prober.kill()
            await prober.wait()
    is_known = (
        found.get("codec_name") == "h264"
        and found.get("profile") in _PROFILES
        and 0 < found.get("level", 0) <= _MOST_LEVEL
        and found.get("pix_fmt") == "yuv420p"
        and found.get("field_order", "progressive") in {"progressive", "unknown"}
        and found.get("sample_aspect_ratio") in _SQUARE
    )
    return (int(found["width"]), int(found["height"])) if is_known else None

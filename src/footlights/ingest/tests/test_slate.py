"""What is shown while nobody sends: the real encoder makes it of a real picture."""

import subprocess
import time

import pytest
from PIL import Image, ImageStat

from footlights.ingest import ladder
from footlights.ingest.run import _SILENCE, Key, Run, _slate, new_run, program
from footlights.ingest.tests.house import until
from footlights.kernel.testing import run_apart

pytestmark = pytest.mark.media
LASTS_S = 4
SIZE = (640, 360)
RED = (200, 30, 40)


def encoded(folder, *, has_picture) -> list[Image.Image]:
    """Pictures a second apart of what a slate shows in its first seconds."""
    inputs, sound = _slate(has_picture=has_picture)
    command = ladder.encode(
        ladder.LADDER[-1:],
        inputs=inputs,
        sound=sound,
        outputs={each: str(folder / f"{each}.ts") for each in ("360", "audio")},
    )
    encoder = subprocess.Popen(
        [program("ffmpeg"), "-v", "error", "-y", *command], cwd=folder, stdout=subprocess.DEVNULL
    )
    time.sleep(LASTS_S)
    encoder.terminate()
    encoder.wait(timeout=1)  # what comes after it waits for its end
    command = ["-v", "error", "-i", str(folder / "360.ts"), "-r", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    raw = subprocess.run([program("ffmpeg"), *command], check=True, capture_output=True).stdout
    step = SIZE[0] * SIZE[1] * 3
    return [Image.frombytes("RGB", SIZE, raw[at : at + step]) for at in range(0, len(raw), step)]


@pytest.mark.parametrize("size", [(640, 360), (300, 400)], ids=["wide", "tall"])
def test_a_poster_fills_the_slate_for_as_long_as_it_takes(tmp_path, size):
    still = tmp_path / "slate.webp"
    Image.new("RGB", size, RED).save(still, "WEBP")
    pictures = encoded(tmp_path, has_picture=True)
    assert 2 <= len(pictures) <= LASTS_S + 1  # at the pace of the clock
    for picture in pictures:
        assert ImageStat.Stat(picture).mean == pytest.approx(RED, abs=8)


def test_without_a_poster_it_is_dark(tmp_path):
    for picture in encoded(tmp_path, has_picture=False):
        assert max(ImageStat.Stat(picture).mean) < 25


def test_silence_is_its_sound():
    assert _slate(has_picture=False)[0][-len(_SILENCE) :] == _SILENCE


def test_a_picture_that_never_moves_is_out_as_soon_as_any(tmp_path):
    """A dark slate has five kilobytes a second: the packager would wait for twelve seconds of them."""
    assert run_apart(_until_out(tmp_path)) < 7


async def _until_out(folder) -> float:
    """Seconds until viewers can have its first two seconds."""
    begun_at = time.monotonic()
    described = new_run(folder, source="slate", is_public=True, began_at=time.time())
    key = Key("0f" * 16, "1e" * 16)
    run = Run(folder, described, rungs=ladder.LADDER[-1:], key=key, scratch=folder / "scratch", first_at=begun_at)
    await run.begin()
    try:
        await until(lambda: run.published_s)
        return time.monotonic() - begun_at
    finally:
        await run.end(at_once=True)

"""What is shown while nobody sends: the real encoder makes it of a real picture."""

import subprocess
import time

import pytest
from PIL import Image, ImageStat

from footlights.ingest import ladder
from footlights.ingest.run import _SILENCE, _slate, program

pytestmark = pytest.mark.media
LASTS_S = 4
SIZE = (640, 360)
RED = (200, 30, 40)


def encoded(folder, *, has_picture) -> list[Image.Image]:
    """Pictures a second apart of what a slate shows in its first seconds."""
    inputs, sound = _slate(has_picture=has_picture)
    command = ladder.encode(ladder.LADDER[-1:], inputs=inputs, sound=sound, folder=folder)
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

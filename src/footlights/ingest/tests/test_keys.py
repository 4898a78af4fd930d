"""Keys that change: made from a secret, and used one after the other in a real broadcast."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from footlights.ingest.api import described_in, find_key, key_of_run
from footlights.ingest.tests.house import House, ingest, publish, until
from footlights.ingest.tests.test_ingest import _frames
from footlights.kernel.testing import run_apart

SECRET = bytes(range(16))
KID = "{urn:mpeg:cenc:2013}default_KID"
MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def test_the_key_of_a_run_stays_what_it_was():
    """Else what is recorded could not be opened after an upgrade."""
    key = key_of_run(SECRET, 7)
    assert (key.key_id, key.key) == ("000000078a0acfc767039ea8b069501b", "fc517e02cfbbf485c32bbc395faf2184")


def test_a_key_is_found_by_its_id_by_whoever_has_the_secret():
    key = key_of_run(SECRET, 7)
    assert find_key(SECRET, key.key_id) == key
    assert find_key(bytes(16), key.key_id) is None
    assert find_key(SECRET, "00000008" + key.key_id[8:]) is None
    assert key.key not in key.key_id


@pytest.mark.media
def test_the_key_changes_while_the_broadcast_goes_on(tmp_path):
    run_apart(_broadcast(tmp_path))


async def _broadcast(root: Path) -> None:
    house = House(root, run_secret=SECRET.hex(), key_lasts_s=3.0)
    folder = house.folder
    async with ingest(root, house) as port:
        sender = await publish(port, seconds=60)
        await until(lambda: len(_periods(folder)) >= 3)
        periods = _periods(folder)
        sender.kill()
        await sender.wait()
    first, second, third = described_in(folder)[:3]
    assert {each.source for each in (first, second, third)} == {"sender"}
    told = [next(each.get(KID) for each in period.iter() if each.get(KID)) for period in periods[:3]]
    assert [kid.replace("-", "") for kid in told] == [key_of_run(SECRET, number).key_id for number in (1, 2, 3)]
    starts = [float(period.get("start", "").strip("PTS")) for period in periods]
    assert starts[2] - starts[1] - _length_s(periods[1]) < 0.1  # nothing is left out between the two
    track = folder / second.name / "360"
    (folder / "sealed.mp4").write_bytes((track / "init.mp4").read_bytes() + (track / "1.m4s").read_bytes())
    assert _frames(folder / "sealed.mp4", key_of_run(SECRET, 2).key) >= 55
    assert _frames(folder / "sealed.mp4", key_of_run(SECRET, 1).key) < 5


def _periods(folder: Path) -> list[ET.Element]:
    path = folder / "manifest.mpd"
    return ET.fromstring(path.read_text()).findall(f"{MPD}Period") if path.exists() else []  # noqa: S314  our own


def _length_s(period: ET.Element) -> float:
    template = period.find(f".//{MPD}SegmentTemplate")
    ticks = sum(int(each.get("d")) * (int(each.get("r", 0)) + 1) for each in template.iter(f"{MPD}S"))
    return ticks / int(template.get("timescale"))

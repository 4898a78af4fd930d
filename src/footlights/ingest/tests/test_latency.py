"""A broadcast that wants to be seen soon: what leaves the real programs, and how players are told."""

import gzip
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from footlights.ingest.api import described_in
from footlights.ingest.tests.house import House, ingest, publish, until
from footlights.kernel.testing import run_apart

pytestmark = pytest.mark.media
MPD = "{urn:mpeg:dash:schema:mpd:2011}"
PIECES = 4


def test_a_broadcast_that_wants_to_be_seen_soon_comes_in_pieces_of_a_second(tmp_path):
    run_apart(_broadcast(tmp_path))


async def _broadcast(root: Path) -> None:
    house = House(root, latency="low")
    async with ingest(root, house) as port:
        sender = await publish(port, seconds=60)
        await until(lambda: any(len(list(run.glob("360/*.m4s"))) >= PIECES for run in house.folder.glob("*")))
        whole = (house.folder / "manifest.mpd").read_bytes()
        assert gzip.decompress((house.folder / "manifest.mpd.gz").read_bytes()) == whole
        sender.kill()
        await sender.wait()
    manifest = ET.fromstring(whole)  # noqa: S314  our own
    assert manifest.get("suggestedPresentationDelay") == "PT1.5S"
    assert manifest.get("minimumUpdatePeriod") == "PT0.25S"
    lasts = {int(each.get("d")) for each in manifest.find(f".//{MPD}SegmentTemplate").iter(f"{MPD}S")}
    assert lasts == {int(manifest.find(f".//{MPD}SegmentTemplate").get("timescale"))}
    [run] = described_in(house.folder)[:1]
    assert run.segment_s == 1

"""What viewers miss when an encoder or the ingest is killed, or the ingest or the packager stands still.

A viewer reads the manifests four times a second through the edge and takes each segment as soon as it is named: it must
be there. A gap is what is missing of the numbered pictures, and how long the viewer waits beyond the delay that the
manifest asks of players. The same is measured while nothing is killed, since a machine that is busy lets viewers wait
anyway. At the end the recording lacks what the viewer lacked, and nothing more.
"""

import os
import random
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from xml.etree import ElementTree as ET

import psutil
from _live import RATE, Air, Publisher, carrier, child, end, join, listed, numbers, recorded, sending, set_air

from footlights.ingest.incoming import BACK_AFTER_S
from footlights.ops.bench import Result, service
from footlights.ops.instance import Instance

KILLS = int(os.environ.get("BENCH_KILLS", "4"))  # of each kind
GOALS_S = {"backup": 2.0, "restart": 6.0, "ingest": 8.0, "stopped-ingest": 8.0, "packager": 6.0}
SETTINGS = {"FOOTLIGHTS_INGESTS": "2"}  # where one is killed, the other takes its broadcast
QUIET_GOAL_S = 0.5
LOOK_EVERY_S = 0.25
SETTLED_S = 7.0  # after a kill everything is as before, and viewers saw it
PLAYS_BEHIND_S = 5.0  # as the manifest asks
MPD = "{urn:mpeg:dash:schema:mpd:2011}"


@dataclass
class Seen:
    """One segment of the smallest rendition, in the order of the broadcast."""

    body: bytes
    begin: bytes
    at: float  # when it came, in seconds since 1970
    numbers: list[int] = field(default_factory=list)


class Viewer(threading.Thread):
    """Reads manifests, takes what they name, and notes what is not there."""

    def __init__(self, url: str, air: Air) -> None:
        super().__init__(daemon=True)
        self._url, self._air = url, air
        self._known: dict[str, bytes] = {}
        self.seen: list[Seen] = []
        self.missing: list[str] = []
        self.stops = threading.Event()

    def run(self) -> None:
        while not self.stops.is_set():
            with suppress(urllib.error.URLError):  # before the first manifest
                self._look()
            self.stops.wait(LOOK_EVERY_S)

    def _look(self) -> None:
        manifest = ET.fromstring(self._get(self._air.dash_path))  # noqa: S314  our own
        for period in manifest.iter(f"{MPD}Period"):
            base = period.findtext(f"{MPD}BaseURL") or ""
            for representation in period.iter(f"{MPD}Representation"):
                self._take(base, representation)
        for name in listed(self._get(self._air.hls_path).decode()):
            playlist = self._get(self._beside(name)).decode()
            for segment in listed(playlist):
                self._fetch(self._beside(segment))

    def _take(self, base: str, representation: ET.Element) -> None:
        template = representation.find(f"{MPD}SegmentTemplate")
        if template is None:
            return
        begin = self._fetch(self._beside(base + template.get("initialization", "")))
        count = sum(int(each.get("r", 0)) + 1 for each in template.iter(f"{MPD}S"))
        for number in range(1, count + 1):
            path = self._beside(base + template.get("media", "").replace("$Number$", str(number)))
            is_new = path not in self._known
            body = self._fetch(path)
            if is_new and body and representation.get("height") == "360":
                self.seen.append(Seen(body, begin, time.time()))

    def _fetch(self, path: str) -> bytes:
        if path not in self._known:
            try:
                self._known[path] = self._get(path)
            except urllib.error.HTTPError:
                self.missing.append(path)
                self._known[path] = b""
        return self._known[path]

    def _beside(self, name: str) -> str:
        return f"{self._air.dash_path.rpartition('/')[0]}/{name}"

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self._url + path, timeout=10) as answer:  # noqa: S310  our own
            return bytes(answer.read())


def run() -> Iterator[Result]:
    with service(settings=SETTINGS) as instance, tempfile.TemporaryDirectory() as scratch:
        air = set_air(instance)
        viewer = Viewer(instance.url, air)
        viewer.start()
        killed = _kill_again_and_again(instance, air, viewer)
        end(air)
        time.sleep(SETTLED_S)
        viewer.stops.set()
        viewer.join()
        for each in viewer.seen:
            whole = join(Path(scratch), [each.begin, each.body])
            each.numbers = [number for number in numbers(whole, content_key=air.content_key) if number is not None]
        shown = [segment for segment in viewer.seen if segment.numbers]
        lost = {number for number in recorded(air, Path(scratch)) if number is not None}
    quiet = [_gap_s(air, shown, at, until) for each, at, until in killed if each == "none"]
    usual = median(missing + waits for missing, waits in quiet)
    behind = [segment.at - (air.since + segment.numbers[0] / RATE) for segment in shown]
    yield Result(
        name="failover-none", value=round(usual, 2), unit="s that viewers miss or wait for while nothing fails, median",
        goal=f"<= {QUIET_GOAL_S:g}", holds=usual <= QUIET_GOAL_S,
        detail={"waits_s": [round(waits, 2) for _missing, waits in quiet], "behind_s": round(median(behind), 2)},
    )  # fmt: skip
    for kind, goal_s in GOALS_S.items():
        gaps = [_gap_s(air, shown, at, until) for each, at, until in killed if each == kind]
        worst = median(missing + waits for missing, waits in gaps)
        yield Result(
            name=f"failover-{kind}", value=round(worst, 2), unit="s that viewers miss or wait for, median",
            goal=f"<= {goal_s:g}", holds=worst <= goal_s, peer="while nothing fails", peer_value=round(usual, 2),
            detail={
                "kills": len(gaps),
                "missing_s": [round(missing, 2) for missing, _waits in gaps],
                "waits_s": [round(waits, 2) for _missing, waits in gaps],
            },
        )  # fmt: skip
    yield Result(
        name="failover-missing-segments", value=len(viewer.missing), unit="segments named and not there",
        goal="= 0", holds=not viewer.missing and len(viewer.seen) > 0, detail={"segments": len(viewer.seen)},
    )  # fmt: skip
    watched = {number for segment in shown for number in segment.numbers}
    yield Result(
        name="failover-recording", value=len(watched - lost), unit="pictures that viewers saw and the recording lacks",
        goal="= 0", holds=watched <= lost, detail={
            "seen": len(watched), "recorded": len(lost),
            "lacks_at_s": sorted({round(number / RATE) for number in watched - lost}),
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done, for how long it is looked at, and from when on who is started again that does not run."""

    kill: Callable[[], object]
    for_s: float
    keeps: Publisher | None = None
    after_s: float = 0.1


def _kill_again_and_again(instance: Instance, air: Air, viewer: Viewer) -> list[tuple[str, float, float]]:
    """What was killed, when, and when all was well again."""
    chance = random.Random(7)
    killed = []
    main, backup = Publisher(air), Publisher(air, "backup")
    with_backup = {
        "none": Fault(lambda: None, SETTLED_S),
        "backup": Fault(main.kill, BACK_AFTER_S + SETTLED_S, main, 1.0),
    }
    alone = {
        "restart": Fault(main.kill, SETTLED_S + 2, main, 0.5),
        "ingest": Fault(lambda: _process(carrier(instance, air)).kill(), SETTLED_S + 6, main),
        "stopped-ingest": Fault(lambda: _process(carrier(instance, air)).suspend(), SETTLED_S + 11, main),
        "packager": Fault(lambda: _process(child(instance, "packager")).suspend(), 15, main),
    }
    with sending(main, backup):
        while len(viewer.seen) < 3:
            time.sleep(0.2)
        for faults in (with_backup, alone):
            for kind, fault in faults.items():
                for _ in range(KILLS):
                    time.sleep(chance.uniform(0, 2))  # anywhere in a segment
                    at = time.time()
                    _bear(fault, at)
                    killed.append((kind, at, time.time()))
            backup.kill()
    return killed


def _bear(fault: Fault, at: float) -> None:
    fault.kill()
    while time.time() < at + fault.for_s:
        if fault.keeps and time.time() >= at + fault.after_s:
            fault.keeps.keep()
        time.sleep(0.1)


def _process(found: psutil.Process | None) -> psutil.Process:
    if found is None:
        raise RuntimeError("It does not run.")
    return found


def _gap_s(air: Air, shown: list[Seen], at: float, until: float) -> tuple[float, float]:
    """Of what was sent between two moments: seconds that are in no segment, and how long a player waits at worst."""
    first, last = (round((moment - air.since) * RATE) for moment in (at - 1, until - 2))
    there = {number for segment in shown for number in segment.numbers}
    missing = sum(number not in there for number in range(first, last))
    waits = [
        segment.at - (air.since + segment.numbers[0] / RATE) - PLAYS_BEHIND_S
        for segment in shown
        if first <= segment.numbers[0] < last
    ]
    return missing / RATE, max(0.0, *waits, 0.0)

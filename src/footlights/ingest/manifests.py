"""The manifests that viewers hold: the packager's, one a run, put together at an address that never changes.

DASH gets a Period for each run (ISO/IEC 23009-1 §5.3.2), HLS an EXT-X-DISCONTINUITY between them (RFC 8216 §4.3.2.3).
Everything is read from the folder, so that a process that was killed goes on where it was.
"""

import copy
import gzip
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET  # of our own packager

from footlights.ingest import ladder
from footlights.ingest.latency import Pace
from footlights.ingest.run import Described

DASH, HLS = ladder.MANIFEST, "master.m3u8"
PREVIEW = "preview.mpd"
LATE_S = 0.3  # what a sender's line may take longer at one time than at another
STATE = "state.json"  # what every viewer's page asks for
PREVIEW_STATE = "preview.json"  # and the control room, before it is on air
_NS = "urn:mpeg:dash:schema:mpd:2011"
_MPD = f"{{{_NS}}}"
_FORM = re.compile(r"avc1\.(\w\w)\w\w(\w\w)([^\n]*\n)(\w+)/")  # profile, level, and of which track
_SEGMENT = re.compile(r"#EXTINF:[^\n]*\n[^\n]+\n")


def write_manifests(folder: Path, runs: Sequence[Described], *, ended: bool) -> bool:
    """Write what is new; whether there is anything to see yet."""
    shown = [run for run in runs if run.is_public and _period_of(folder / run.name / DASH) is not None]
    has_any = write_dash(folder, shown, name=DASH, ended=ended)
    if has_any:
        write_hls(folder, shown, ended=ended)
    if previews := [run for run in runs if not run.is_public][-1:]:
        write_dash(folder, previews, name=PREVIEW, ended=ended)
    return has_any


def stamp(folder: Path, runs: Sequence[Described]) -> tuple[object, ...]:
    """Something else as soon as there is something new to write: nothing is read for it, however long a show is."""
    folders = [folder / run.name for run in runs]
    told = [path for each in folders for path in (each / DASH, each / HLS, *each.glob("*/list.m3u8")) if path.exists()]
    return (*runs, *(path.stat().st_mtime_ns for path in told))


def write_dash(folder: Path, runs: Sequence[Described], *, name: str, ended: bool) -> bool:
    """While it is not over, a run out of which nothing is within the window any more is not named."""
    ET.register_namespace("", _NS)
    ET.register_namespace("cenc", "urn:mpeg:cenc:2013")
    periods = [(run, period) for run in runs if (period := _period_of(folder / run.name / DASH)) is not None]
    if not periods:
        return False
    first, pace = periods[0][0], periods[-1][0].latency.pace
    root = ET.Element(f"{_MPD}MPD", _attributes(first, pace, ended=ended))
    spans = _spans_s(periods)
    at_s = spans[-1][1]
    for (run, kept), (begin_s, end_s) in zip(periods, spans, strict=True):
        if not ended and end_s < at_s - pace.window_s:
            continue
        period = copy.deepcopy(kept)
        period.attrib.clear()
        period.attrib |= {"id": str(run.number), "start": f"PT{begin_s:.3f}S"}
        base = ET.Element(f"{_MPD}BaseURL")
        base.text = f"{run.name}/"
        period.insert(0, base)
        _begin_with_picture(period)
        root.append(period)
    if ended:
        root.set("mediaPresentationDuration", f"PT{at_s:.3f}S")
    else:
        ET.SubElement(
            root,
            f"{_MPD}UTCTiming",
            {"schemeIdUri": "urn:mpeg:dash:utc:http-head:2014", "value": name},
        )
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    replace(folder / f"{name}.gz", gzip.compress(body, 5, mtime=0))  # what the edge gives to whoever takes it
    replace(folder / name, body)
    return True


def _spans_s(periods: Sequence[tuple[Described, ET.Element]]) -> list[tuple[float, float]]:
    """Where each begins and ends, one after the other, in seconds since the first began.

    One that came a little late follows at once all the same: players stop at every hole, however small.
    """
    spans: list[tuple[float, float]] = []
    for run, period in periods:
        after_s, came_s = spans[-1][1] if spans else 0.0, run.began_at - periods[0][0].began_at
        begin_s = came_s if came_s > after_s + LATE_S else after_s
        spans.append((begin_s, begin_s + _length_s(period)))
    return spans


def write_hls(folder: Path, runs: Sequence[Described], *, ended: bool) -> None:
    """A list for each track, and the one over them."""
    masters = [folder / run.name / HLS for run in runs if (folder / run.name / HLS).exists()]
    if not masters:
        return
    master = _for_every_run([each.read_text() for each in masters])
    tracks = sorted(set(re.findall(r"(\w+)/list\.m3u8", master)))
    for track in tracks:
        replace(folder / f"{track}.m3u8", _list_of(folder, runs, track, ended=ended).encode())
    replace(folder / HLS, re.sub(r"(\w+)/list\.m3u8", r"\1.m3u8", master).encode())


def _for_every_run(masters: Sequence[str]) -> str:
    """The first, but for the form of its pictures: what it names decodes those of every run (RFC 6381 §3.3).

    For what is passed through has a profile and a level of its own.
    """
    profiles, levels = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for master in masters:
        for profile, level, _, track in _FORM.findall(master):
            profiles[track].add(profile)
            levels[track].add(level)
    return _FORM.sub(
        lambda found: f"avc1.{max(profiles[found[4]])}00{max(levels[found[4]])}{found[3]}{found[4]}/", masters[0]
    )


def replace(path: Path, body: bytes) -> None:
    """Whole or not at all, for whoever reads meanwhile."""
    aside = path.with_name(f".{path.name}")
    aside.write_bytes(body)
    aside.replace(path)


def _attributes(first: Described, pace: Pace, *, ended: bool) -> dict[str, str]:
    common = {"profiles": "urn:mpeg:dash:profile:isoff-live:2011", "minBufferTime": f"PT{pace.buffer_s:g}S"}
    if ended:
        return common | {"type": "static"}
    return common | {
        "type": "dynamic",
        "publishTime": _written(datetime.now(UTC).timestamp()),
        "availabilityStartTime": _written(first.began_at),
        "minimumUpdatePeriod": f"PT{pace.update_every_s:g}S",
        "timeShiftBufferDepth": f"PT{pace.window_s}S",
        "suggestedPresentationDelay": f"PT{pace.delay_s:g}S",
    }


def length_s(run: Path) -> float:
    """How long the picture of a run is, by its own manifest; 0 when there is none."""
    period = _period_of(run / DASH)
    return 0.0 if period is None else _length_s(period)


def _period_of(path: Path) -> ET.Element | None:
    """The one Period of a run's own manifest, once each of its tracks has a segment. Not to be changed."""
    try:
        return _read_period(path, path.stat().st_mtime_ns)
    except (FileNotFoundError, ET.ParseError):
        return None


@lru_cache(maxsize=256)  # most runs are over, and read again with every piece of the one that is not
def _read_period(path: Path, _written_ns: int) -> ET.Element | None:
    period = ET.parse(path).getroot().find(f"{_MPD}Period")  # noqa: S314  as above
    if period is None or any(each.find(f".//{_MPD}S") is None for each in period.iter(f"{_MPD}Representation")):
        return None
    kinds = {each.get("contentType") for each in period.iter(f"{_MPD}AdaptationSet")}
    return period if kinds >= {"video", "audio"} else None


def _begin_with_picture(period: ET.Element) -> None:
    """So that it has no hole at its beginning, however late a decoder's delay makes its first picture."""
    first_s = _first_s(period)
    for template in period.iter(f"{_MPD}SegmentTemplate"):
        template.set("presentationTimeOffset", str(round(first_s * _timescale(template))))


def _length_s(period: ET.Element) -> float:
    """From its first picture to the end of its last."""
    return max((_end_s(each) for each in _pictures(period)), default=0.0) - _first_s(period)


def _first_s(period: ET.Element) -> float:
    """When its first picture is, on its own clock: segments begin so long after whole seconds.

    Of a run longer than the window the first segments are not named any more.
    """
    first = [(each.find(f".//{_MPD}S"), _timescale(each)) for each in _pictures(period)]
    late_s = min((int(piece.get("t", 0)) / scale for piece, scale in first if piece is not None), default=0.0) % 1
    return late_s if late_s < LATE_S else 0.0


def _pictures(period: ET.Element) -> list[ET.Element]:
    """The templates of what is seen."""
    seen = [each for each in period.iter(f"{_MPD}AdaptationSet") if each.get("contentType") == "video"]
    return [template for each in seen for template in each.iter(f"{_MPD}SegmentTemplate")]


def _end_s(template: ET.Element) -> float:
    end = 0
    for piece in template.iter(f"{_MPD}S"):
        begin = int(piece.get("t", end))
        end = begin + int(piece.get("d", 0)) * (int(piece.get("r", 0)) + 1)
    return end / _timescale(template)


def _timescale(template: ET.Element) -> int:
    return int(template.get("timescale", 1))


def _list_of(folder: Path, runs: Sequence[Described], track: str, *, ended: bool) -> str:
    parts: list[str] = []
    longest = 1
    for run in runs:
        there = _track_of(folder / run.name, track)
        path = folder / run.name / there / "list.m3u8"
        if not path.exists():
            continue
        text = path.read_text()
        segments = _SEGMENT.findall(text if text.endswith("\n") else f"{text}\n")
        if not segments:
            continue
        if found := re.search(r"#EXT-X-TARGETDURATION:(\d+)", text):
            longest = max(longest, int(found[1]))
        base = f"{run.name}/{there}/"
        key = re.search(r"#EXT-X-KEY:.*", text)
        parts.append(
            ("#EXT-X-DISCONTINUITY\n" if parts else "")
            + f'#EXT-X-MAP:URI="{base}init.mp4"\n'
            + (f"{key[0]}\n" if key else "")
            + f"#EXT-X-PROGRAM-DATE-TIME:{_written(run.began_at)}\n"
            + "".join(segment.replace("\n", f"\n{base}", 1) for segment in segments)
        )
    head = f"#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:{longest}\n#EXT-X-PLAYLIST-TYPE:EVENT\n"
    return head + "".join(parts) + ("#EXT-X-ENDLIST\n" if ended else "")


def _track_of(run: Path, track: str) -> str:
    """This rendition; of a run that has it not, since the machine was too slow for it, the next smaller one."""
    if not track.isdigit() or (run / track).exists():
        return track
    heights = [int(path.name) for path in run.iterdir() if path.name.isdigit() and int(path.name) < int(track)]
    return str(max(heights, default=track))


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

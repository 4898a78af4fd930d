"""What players of HLS read, over runs that have not the same renditions."""

import os
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from footlights.ingest.latency import Latency
from footlights.ingest.manifests import DASH, HLS, stamp, write_hls, write_manifests
from footlights.ingest.run import Described


def lay_down(folder, number: int, *tracks: str) -> Described:
    """A run of one segment a track, as the packager leaves it."""
    run = Described(number, f"{number}-run", "sender", is_public=True, began_at=number * 10.0)
    for track in tracks:
        (folder / run.name / track).mkdir(parents=True)
        (folder / run.name / track / "list.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\n1.m4s\n")
    (folder / run.name / HLS).write_text("#EXTM3U\n" + "".join(f"{track}/list.m3u8\n" for track in tracks))
    return run


def test_a_list_goes_on_in_a_smaller_size_where_a_run_lacks_its_own(tmp_path):
    runs = [
        lay_down(tmp_path, 1, "1080", "720", "360", "audio"),
        lay_down(tmp_path, 2, "720", "360", "audio"),
        lay_down(tmp_path, 3, "360", "audio"),
    ]
    write_hls(tmp_path, runs, ended=True)
    segments = {
        track: [line for line in (tmp_path / f"{track}.m3u8").read_text().splitlines() if line.endswith("m4s")]
        for track in ("1080", "720", "360", "audio")
    }
    assert segments == {
        "1080": ["1-run/1080/1.m4s", "2-run/720/1.m4s", "3-run/360/1.m4s"],
        "720": ["1-run/720/1.m4s", "2-run/720/1.m4s", "3-run/360/1.m4s"],
        "360": ["1-run/360/1.m4s", "2-run/360/1.m4s", "3-run/360/1.m4s"],
        "audio": ["1-run/audio/1.m4s", "2-run/audio/1.m4s", "3-run/audio/1.m4s"],
    }


def test_the_list_of_renditions_names_what_decodes_every_run(tmp_path):
    runs = [lay_down(tmp_path, number, "720", "360", "audio") for number in (1, 2)]
    for run, form in zip(runs, ("64001f", "4d4028"), strict=True):
        stream = '#EXT-X-STREAM-INF:CODECS="avc1.{},mp4a.40.2",AUDIO="audio"\n{}/list.m3u8\n'
        text = "#EXTM3U\n" + stream.format(form, "720") + stream.format("64001e", "360")
        (tmp_path / run.name / HLS).write_text(text)
    write_hls(tmp_path, runs, ended=True)
    said = (tmp_path / HLS).read_text()
    assert 'CODECS="avc1.640028,mp4a.40.2",AUDIO="audio"\n720.m3u8' in said
    assert 'CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio"\n360.m3u8' in said


@pytest.mark.parametrize(("late_s", "start"), [(-0.2, "PT2.000S"), (0.2, "PT2.000S"), (0.4, "PT2.400S")])
def test_a_run_that_came_a_little_late_leaves_no_hole(tmp_path, late_s, start):
    runs = [lay_down(tmp_path, number, "360", "audio") for number in (1, 2)]
    runs[1] = replace(runs[1], began_at=runs[0].began_at + 2 + late_s)
    for run in runs:
        write_mpd(tmp_path, run, video=TIMELINE, audio=TIMELINE)
    write_manifests(tmp_path, runs, ended=False)
    [_first, second] = ET.fromstring((tmp_path / DASH).read_text()).findall("{*}Period")  # noqa: S314  our own
    assert second.get("start") == start


@pytest.mark.parametrize(
    "begins", [6_000, 900 * 180_000 + 6_000]
)  # in ticks; the second run's beginning is not named any more
def test_a_run_begins_with_its_first_picture_however_late_that_is_on_its_own_clock(tmp_path, begins):
    runs = [replace(lay_down(tmp_path, number, "360", "audio"), began_at=2.0 * number) for number in (1, 2)]
    late = f'<SegmentTimeline><S t="{begins}" d="180000"/><S d="180000"/></SegmentTimeline>'
    write_mpd(tmp_path, runs[0], video=late.replace(str(begins), "6000"), audio=TIMELINE)
    write_mpd(tmp_path, runs[1], video=late, audio=TIMELINE)
    write_manifests(tmp_path, runs, ended=False)
    [first, second] = ET.fromstring((tmp_path / DASH).read_text()).findall("{*}Period")  # noqa: S314  our own
    assert second.get("start") == "PT4.000S"  # where the picture of the first one ends
    assert {each.get("presentationTimeOffset") for each in first.iter(TEMPLATE)} == {"6000"}
    assert {each.get("presentationTimeOffset") for each in second.iter(TEMPLATE)} == {"6000"}


def test_there_is_something_to_write_when_a_run_or_a_piece_is_new(tmp_path):
    runs = [lay_down(tmp_path, 1, "360", "audio")]
    before = stamp(tmp_path, runs)
    assert stamp(tmp_path, runs) == before
    playlist = tmp_path / "1-run" / "360" / "list.m3u8"
    os.utime(playlist, ns=(0, playlist.stat().st_mtime_ns + 1))
    later = stamp(tmp_path, runs)
    assert later != before
    assert stamp(tmp_path, [*runs, lay_down(tmp_path, 2, "360", "audio")]) != later


TEMPLATE = "{urn:mpeg:dash:schema:mpd:2011}SegmentTemplate"
TIMELINE = '<SegmentTimeline><S t="0" d="180000"/></SegmentTimeline>'


def write_mpd(folder, run: Described, **timelines: str) -> None:
    """As the packager writes it: a track whose first segment is still to come has no timeline."""
    sets = "".join(
        f'<AdaptationSet contentType="{"audio" if track == "audio" else "video"}"><Representation>'
        f'<SegmentTemplate timescale="90000">{timeline}</SegmentTemplate></Representation></AdaptationSet>'
        for track, timeline in timelines.items()
    )
    mpd = f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>{sets}</Period></MPD>'
    (folder / run.name / DASH).write_text(mpd)


@pytest.mark.parametrize("late", ["video", "audio"])
def test_a_run_is_named_once_each_of_its_tracks_has_something(tmp_path, late):
    first, second = lay_down(tmp_path, 1, "360", "audio"), lay_down(tmp_path, 2, "360", "audio")
    write_mpd(tmp_path, first, video=TIMELINE, audio=TIMELINE)
    for has_all in (False, True):
        write_mpd(tmp_path, second, **{"video": TIMELINE, "audio": TIMELINE} | ({} if has_all else {late: ""}))
        assert write_manifests(tmp_path, [first, second], ended=False)
        for name in (DASH, "360.m3u8", "audio.m3u8"):
            text = (tmp_path / name).read_text()
            assert "1-run/" in text
            assert ("2-run/" in text) is has_all


def test_while_it_is_live_only_runs_within_the_window_are_named_and_their_place_stays(tmp_path):
    """Where access is paid for a run is ten minutes long: of soon ones half an hour can be gone back."""
    runs = [
        replace(lay_down(tmp_path, number, "360", "audio"), began_at=600.0 * number, latency=Latency.LOW)
        for number in range(1, 7)
    ]
    long = '<SegmentTimeline><S t="0" d="90000" r="599"/></SegmentTimeline>'
    for run in runs:
        write_mpd(tmp_path, run, video=long, audio=long)
    named = {}
    for ended in (False, True):
        write_manifests(tmp_path, runs, ended=ended)
        periods = ET.fromstring((tmp_path / DASH).read_text()).findall("{*}Period")  # noqa: S314  our own
        named[ended] = {each.get("id"): each.get("start") for each in periods}
    assert list(named[False]) == ["3", "4", "5", "6"]
    assert list(named[True]) == ["1", "2", "3", "4", "5", "6"]
    assert named[False].items() <= named[True].items()

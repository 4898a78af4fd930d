"""What players of HLS read, over runs that have not the same renditions."""

from footlights.ingest.manifests import HLS, write_hls
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

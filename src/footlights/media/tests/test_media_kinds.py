"""Every kind of file people really have, through the whole pipeline."""

import json
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from footlights.kernel import storage
from footlights.kernel.ids import new_id
from footlights.media import api, models, testing
from footlights.media.adapters import programs, sealed

pytestmark = [pytest.mark.django_db, pytest.mark.media]

PICTURE = ("-f", "lavfi", "-i")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def film(size: str = "320x180", rate: str = "24", seconds: int = 2) -> tuple[str, ...]:
    return (*PICTURE, f"testsrc2=size={size}:rate={rate}:duration={seconds}")


def sound(channels: int = 2, seconds: int = 2) -> tuple[str, ...]:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    return ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds},aformat=channel_layouts={layout}")


def pipeline(*arguments: str, suffix: str = "mp4") -> api.Asset:
    body = testing.make_video(*arguments, suffix=suffix)
    return testing.run_pipeline(testing.make_asset(new_id(), body, filename=f"film.{suffix}").id)


def look(asset: api.Asset, name: str, *entries: str) -> dict:
    """ffprobe's view of a rendition."""
    row = models.Rendition.objects.get(asset_id=asset.id, name=name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rendition.mp4"
        sealed.get_file(row.object_prefix, path, size_bytes=row.size_bytes)
        answer = subprocess.run(
            [programs.path("ffprobe"), "-v", "error", "-of", "json", *entries, str(path)],
            check=True,
            capture_output=True,
        )
    return json.loads(answer.stdout)


def stream(asset: api.Asset, name: str) -> dict:
    return look(asset, name, "-show_streams")["streams"][0]


def test_a_portrait_film_keeps_its_shape() -> None:
    asset = pipeline(*film("240x426"), *X264)
    assert (asset.state, asset.width, asset.height) == ("ready", 240, 426)
    assert (stream(asset, "240")["width"], stream(asset, "240")["height"]) == (240, 426)


def test_an_odd_size_becomes_even() -> None:
    asset = pipeline(*film("323x181"), "-c:v", "ffv1", suffix="mkv")
    assert (asset.state, asset.playback.heights) == ("ready", [180])
    assert (stream(asset, "180")["width"], stream(asset, "180")["height"]) == (322, 180)


def test_a_turned_film_stands_upright() -> None:
    flat = testing.make_video(*film("320x180"), *X264)
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(flat)
        file.flush()
        asset = pipeline("-display_rotation", "90", "-i", file.name, "-c", "copy")
    assert (asset.state, asset.width, asset.height) == ("ready", 180, 320)
    made = stream(asset, "180")
    assert (made["width"], made["height"]) == (180, 320)
    assert "side_data_list" not in made


def test_oblong_pixels_become_square() -> None:
    asset = pipeline(*film("180x180"), "-vf", "setsar=2/1", *X264)
    assert (asset.width, asset.height) == (360, 180)
    assert (stream(asset, "180")["width"], stream(asset, "180")["sample_aspect_ratio"]) == (360, "1:1")


def test_a_variable_rate_becomes_constant() -> None:
    asset = pipeline(
        *film(rate="30", seconds=4), "-vf", "select='lt(n,30)+not(mod(n,5))'", "-fps_mode", "vfr", *X264, suffix="mkv"
    )
    assert asset.state == "ready", asset.failure
    made = look(asset, "180", "-show_packets", "-show_entries", "packet=pts_time")["packets"]
    times = sorted(float(packet["pts_time"]) for packet in made)
    gaps = {round(after - before, 4) for before, after in pairwise(times)}
    assert max(gaps) - min(gaps) < 0.002


def test_an_interlaced_film_is_combed() -> None:
    asset = pipeline(
        *film("352x288", rate="50"), "-vf", "interlace=scan=tff", "-c:v", "mpeg2video", "-b:v", "2M", "-flags", "+ildct+ilme", suffix="ts",
    )  # fmt: skip
    assert asset.state == "ready", asset.failure
    assert models.Asset.objects.get(id=asset.id).facts["interlaced"] is True
    assert stream(asset, "240")["field_order"] == "progressive"


@pytest.mark.parametrize(("channels", "heard"), [(1, 1), (2, 2), (6, 2)])
def test_sound_from_mono_to_surround_is_heard(channels: int, heard: int) -> None:
    asset = pipeline(*film(), *sound(channels), *X264, "-c:a", "aac")
    assert asset.state == "ready", asset.failure
    made = stream(asset, "audio")
    assert (made["codec_name"], made["channels"], made["sample_rate"]) == ("aac", heard, "48000")


def test_a_silent_film_plays() -> None:
    asset = pipeline(*film(), *X264)
    assert (asset.state, asset.kind) == ("ready", "video")
    assert b"audio/list.m3u8" not in storage.get(asset.playback.hls_url[1:])


def test_sound_alone_plays() -> None:
    asset = testing.run_pipeline(testing.make_asset(new_id(), testing.sample_audio_bytes(), filename="song.mp3").id)
    assert (asset.state, asset.kind, asset.playback.heights, asset.height) == ("ready", "audio", [], None)
    assert asset.poster_candidates == []
    assert b'contentType="audio"' in storage.get(asset.playback.dash_url[1:])


def test_a_cover_does_not_make_a_song_a_film(tmp_path: Path) -> None:
    cover = tmp_path / "cover.jpg"
    Image.new("RGB", (300, 300), "red").save(cover)
    asset = pipeline(*sound(), "-i", str(cover), "-map", "0", "-map", "1", "-c:a", "libmp3lame", "-c:v", "copy", "-disposition:v", "attached_pic",
                     suffix="mp3")  # fmt: skip
    assert (asset.state, asset.kind) == ("ready", "audio")


@pytest.mark.parametrize(("suffix", "codecs"), [
    ("webm", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus")),
    ("avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame")),
    ("mov", ("-c:v", "prores_ks", "-c:a", "pcm_s16le")),
    ("flv", ("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100")),
    ("wmv", ("-c:v", "wmv2", "-c:a", "wmav2")),
    ("mpg", ("-c:v", "mpeg2video", "-c:a", "mp2")),
])  # fmt: skip
def test_common_containers_are_taken(suffix: str, codecs: tuple[str, ...]) -> None:
    asset = pipeline(*film(rate="25"), *sound(), *codecs, suffix=suffix)
    assert asset.state == "ready", asset.failure


def test_wide_colours_are_brought_to_every_screen() -> None:
    asset = pipeline(
        *film(), "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
        "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
    )  # fmt: skip
    assert asset.state == "ready", asset.failure
    made = stream(asset, "180")
    assert (made["pix_fmt"], made["color_transfer"]) == ("yuv420p", "bt709")


def test_sound_that_begins_later_stays_in_time() -> None:
    asset = pipeline(*film(seconds=4), "-itsoffset", "1.5", *sound(), *X264, "-c:a", "aac", suffix="mkv")
    assert asset.state == "ready", asset.failure
    assert float(stream(asset, "audio")["duration"]) == pytest.approx(3.5, abs=0.1)
    assert float(stream(asset, "audio")["start_time"]) == pytest.approx(0, abs=0.05)


def test_key_frames_fall_together_every_four_seconds() -> None:
    asset = pipeline(*film("480x480", rate="30000/1001", seconds=9), *sound(seconds=9), *X264, "-c:a", "aac")
    assert (asset.state, asset.playback.heights) == ("ready", [480, 360, 240])

    def key_times(name: str) -> list[float]:
        packets = look(asset, name, "-show_packets", "-show_entries", "packet=pts_time,flags")["packets"]
        return [float(packet["pts_time"]) for packet in packets if "K" in packet["flags"]]

    assert key_times("480") == key_times("360") == key_times("240")
    assert [round(time, 2) for time in key_times("480")] == [0.0, 4.0, 8.01]
    segments = storage.list_keys(f"{asset.playback.dash_url.rsplit('/', 1)[0][1:]}/480")
    assert sum(name.endswith(".m4s") for name in segments) == 3


def test_the_first_rendition_plays_before_the_others_join() -> None:
    body = testing.make_video(*film("480x480", rate="10", seconds=5), *sound(seconds=5), *X264, "-c:a", "aac")
    asset = testing.make_asset(new_id(), body)
    testing.run_steps(asset.id, 3)
    early = api.get_asset(asset.id)
    assert (early.state, early.playback.heights) == ("playable", [360])
    assert early.poster_candidates
    assert early.storyboard_url
    assert [stage.state for stage in early.stages] == ["done", "done", "done", "waiting", "waiting"]
    before = storage.get(early.playback.dash_url[1:])
    late = testing.run_pipeline(asset.id)
    assert (late.state, late.playback.heights) == ("ready", [480, 360, 240])
    assert late.playback.dash_url != early.playback.dash_url
    assert late.playback.key_ids == early.playback.key_ids
    assert storage.get(early.playback.dash_url[1:]) == before, "who is watching the first package is not interrupted"

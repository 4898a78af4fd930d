"""What the manifests promise: a player that follows the HLS playlists and holds the key sees the whole film."""

import base64
import json
import re
import subprocess
from pathlib import Path

import pytest

from footlights.kernel import storage
from footlights.kernel.ids import new_id
from footlights.media import api, testing
from footlights.media.adapters import programs

pytestmark = [pytest.mark.django_db, pytest.mark.media]


@pytest.fixture
def film() -> api.Asset:
    return testing.make_ready_asset(new_id())


def playlist(asset: api.Asset, name: str) -> str:
    return storage.get(f"{asset.playback.hls_url[1:].rsplit('/', 1)[0]}/{name}").decode()


def follow(asset: api.Asset, name: str, target: Path) -> list[float]:
    """Fetch what a media playlist lists, in its order; returns the lengths it tells, in seconds."""
    listed = playlist(asset, name)
    base = f"{asset.playback.hls_url[1:].rsplit('/', 1)[0]}/{name.rsplit('/', 1)[0]}"
    (first,) = re.findall(r'#EXT-X-MAP:URI="([^"]+)"', listed)
    segments = [line for line in listed.splitlines() if line and not line.startswith("#")]
    target.write_bytes(b"".join(storage.get(f"{base}/{part}") for part in [first, *segments]))
    return [float(length) for length in re.findall(r"#EXTINF:([\d.]+)", listed)]


def decode(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [programs.path("ffmpeg"), "-v", "error", "-xerror", *options, "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["240", "audio"])
def test_who_follows_the_hls_playlists_with_the_key_gets_the_whole_film(
    name: str, film: api.Asset, tmp_path: Path
) -> None:
    master = playlist(film, "master.m3u8")
    assert f"{name}/list.m3u8" in master
    lengths = follow(film, f"{name}/list.m3u8", tmp_path / "film.mp4")
    assert sum(lengths) == pytest.approx(film.duration_ms / 1000, abs=0.1)
    listed = playlist(film, f"{name}/list.m3u8")
    longest = int(re.search(r"#EXT-X-TARGETDURATION:(\d+)", listed)[1])
    assert max(lengths) <= longest + 0.5, "RFC 8216 §4.3.3.1"
    assert listed.rstrip().endswith("#EXT-X-ENDLIST")
    key_id, key = next(iter(api.content_keys(film.id).items()))
    (named,) = re.findall(r'METHOD=SAMPLE-AES,URI="data:text/plain;base64,([^"]+)"', listed)
    assert base64.b64decode(named).hex() == key_id, "the playlist names the key and does not give it"

    opened = decode(tmp_path / "film.mp4", "-decryption_key", key.hex())
    assert (opened.returncode, opened.stderr) == (0, "")
    assert decode(tmp_path / "film.mp4", "-decryption_key", "0" * 32).returncode != 0


def test_the_film_behind_the_playlist_has_every_frame(film: api.Asset, tmp_path: Path) -> None:
    follow(film, "240/list.m3u8", tmp_path / "film.mp4")
    (key,) = api.content_keys(film.id).values()
    answer = subprocess.run(
        [programs.path("ffprobe"), "-v", "error", "-decryption_key", key.hex(), "-count_frames", "-of", "json",
         "-show_entries", "stream=width,height,nb_read_frames", str(tmp_path / "film.mp4")],
        check=True, capture_output=True,
    )  # fmt: skip
    (made,) = json.loads(answer.stdout)["streams"]
    assert (made["width"], made["height"], int(made["nb_read_frames"])) == (426, 240, 6 * 24)

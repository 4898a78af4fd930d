"""A file's way to a film, with real ffmpeg and Shaka Packager on small real media."""

import pytest

from footlights.kernel import environment, storage
from footlights.kernel.ids import new_id
from footlights.media import api, testing

pytestmark = [pytest.mark.django_db, pytest.mark.media]


def public(url: str) -> bytes:
    return storage.get(url.lstrip("/"))


def test_a_film_becomes_ready_with_encrypted_dash_and_hls() -> None:
    asset = testing.run_pipeline(testing.make_asset(new_id()).id)
    assert asset.failure is None
    assert asset.state == "ready"
    assert (asset.kind, asset.width, asset.height, asset.duration_ms) == ("video", 426, 240, 6000)
    assert [stage.state for stage in asset.stages] == ["done"] * 5
    assert asset.playback
    assert asset.playback.heights == [240]
    manifest = public(asset.playback.dash_url).decode()
    assert 'type="static"' in manifest
    assert 'value="cbcs"' in manifest
    (key_id,) = asset.playback.key_ids
    assert key_id in manifest.replace("-", "")
    assert b"METHOD=SAMPLE-AES" in public(asset.playback.hls_url.replace("master.m3u8", "240/list.m3u8"))
    (key,) = api.content_keys(asset.id).values()
    assert len(key) == 16
    everything = b"".join(storage.get(name) for name in storage.list_keys(""))
    assert key not in everything
    assert key.hex().encode() not in everything
    assert len(asset.poster_candidates) >= 1
    assert asset.storyboard_url
    assert b"#xywh=0,0,160,90" in public(asset.storyboard_url)
    assert list(environment.load().scratch.iterdir()) == []

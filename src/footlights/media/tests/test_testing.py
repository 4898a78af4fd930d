import pytest

from footlights.kernel import storage
from footlights.kernel.ids import new_id
from footlights.media import api
from footlights.media.testing import make_ready_asset

pytestmark = [pytest.mark.django_db, pytest.mark.media]


@pytest.mark.parametrize("audio", [False, True])
def test_ready_assets_are_real_and_share_nothing(*, audio: bool) -> None:
    assets = [make_ready_asset(new_id(), audio=audio) for _ in range(2)]
    for asset in assets:
        assert asset.state == "ready"
        assert b"<MPD" in storage.get(asset.playback.dash_url[1:])
        for picture in asset.poster_candidates:
            assert all(storage.exists(url[1:]) for _width, url, _type in picture.sources)
        if not audio:
            assert storage.get(asset.storyboard_url[1:]).startswith(b"WEBVTT")
        assert set(api.content_keys(asset.id)) == set(asset.playback.key_ids)
    first, second = assets
    assert first.playback.dash_url != second.playback.dash_url
    assert first.playback.key_ids != second.playback.key_ids

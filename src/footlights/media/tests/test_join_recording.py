"""What was sealed with one key after the other becomes one film."""

from uuid import UUID

import pytest

from footlights.kernel import storage
from footlights.kernel.ids import new_id
from footlights.media.api import Stretch, content_keys, joined_recording
from footlights.media.models import Asset
from footlights.media.testing import make_ready_asset

pytestmark = pytest.mark.media


def test_stretches_with_keys_of_their_own_are_one_film(db, tmp_path):
    stretches = [a_stretch(tmp_path / str(number)) for number in range(2)]
    assert stretches[0].key != stretches[1].key
    with joined_recording(stretches) as film:
        both = film.stat().st_size
    with joined_recording(stretches[:1]) as film:
        assert both > 1.8 * film.stat().st_size


def a_stretch(folder) -> Stretch:
    asset = make_ready_asset(new_id())
    [(key_id, key)] = content_keys(asset.id).items()
    token = Asset.objects.get(id=asset.id).package.token
    for name in storage.list_keys(f"media/{token}/"):
        path = folder / name.removeprefix(f"media/{token}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(storage.get(name))
    pictures, sounds = (
        [track / "init.mp4", *sorted(track.glob("*.m4s"))] for track in (picture_in(folder), folder / "audio")
    )
    return Stretch(pictures, sounds, UUID(key_id), key)


def picture_in(folder):
    return next(path for path in folder.iterdir() if path.name.isdigit())

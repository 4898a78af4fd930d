"""The disk fills up, for real (a tiny tmpfs): nothing is lost, somebody is told, and it goes on when there is space."""

import io
import os
import subprocess
from pathlib import Path

import pytest

from footlights.kernel import environment, storage
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.storage import StorageFullError
from footlights.media import api, models, testing
from footlights.media.adapters import sealed

pytestmark = [pytest.mark.django_db]


def test_an_upload_goes_on_when_there_is_space(small_disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, body = new_id(), os.urandom(20 << 20)
    upload = api.start_upload(owner_id=owner, filename="film.mp4", size_bytes=len(body), content_type="", at=now())

    def append(offset: int) -> api.Upload:
        rest = io.BytesIO(body[offset:])
        return api.append_to_upload(upload_id=upload.id, owner_id=owner, offset_bytes=offset, body=rest, at=now())

    with small_disk(tmp_path, "12m"):
        monkeypatch.setenv("FOOTLIGHTS_STORAGE_URL", f"file://{tmp_path}")
        storage._store.cache_clear()
        try:
            with pytest.raises(StorageFullError, match="no space left"):
                append(0)
            kept = api.get_upload(upload.id, owner)
            assert kept.offset_bytes == 8 << 20
            subprocess.run(["mount", "-o", "remount,size=64m", str(tmp_path)], check=True)
            assert append(kept.offset_bytes).state == "complete"
            keys = models.SourcePart.objects.filter(upload_id=upload.id).order_by("offset_bytes")
            assert b"".join(sealed.get_part(part.object_key) for part in keys) == body
        finally:
            storage._store.cache_clear()
    storage._store.cache_clear()


@pytest.mark.media
def test_an_encode_waits_and_says_why(small_disk) -> None:
    asset = testing.make_asset(new_id())
    testing.run_steps(asset.id, 1)
    with small_disk(environment.load().scratch, "280k"):
        for _ in range(8):
            with pytest.raises(OSError, match="No space left"):
                testing.run_steps(asset.id, 1)
    waiting = api.get_asset(asset.id)
    assert (waiting.state, waiting.failure) == ("transcoding", None)
    assert waiting.notice
    assert "disk is full" in waiting.notice
    done = testing.run_pipeline(asset.id)
    assert (done.state, done.notice) == ("ready", None)

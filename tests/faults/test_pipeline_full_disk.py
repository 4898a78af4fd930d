"""The disk fills up, for real (a tiny tmpfs): nothing is lost, somebody is told, and it goes on when there is space."""

import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from footlights.kernel import environment, storage
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.storage import StorageFullError
from footlights.media import api, models, testing
from footlights.media.adapters import sealed

pytestmark = [pytest.mark.django_db]


@contextmanager
def tiny_disk(folder: Path, size: str) -> Iterator[None]:
    """`folder` on a file system of `size`. Only root may mount."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a file system to fill up")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_an_upload_goes_on_when_there_is_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, body = new_id(), os.urandom(20 << 20)
    upload = api.start_upload(owner_id=owner, filename="film.mp4", size_bytes=len(body), content_type="", at=now())

    def append(offset: int) -> api.Upload:
        rest = io.BytesIO(body[offset:])
        return api.append_to_upload(upload_id=upload.id, owner_id=owner, offset_bytes=offset, body=rest, at=now())

    with tiny_disk(tmp_path, "12m"):
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
def test_an_encode_waits_and_says_why() -> None:
    asset = testing.make_asset(new_id())
    testing.run_steps(asset.id, 1)
    with tiny_disk(environment.load().scratch, "280k"):
        for _ in range(8):
            with pytest.raises(OSError, match="No space left"):
                testing.run_steps(asset.id, 1)
    waiting = api.get_asset(asset.id)
    assert (waiting.state, waiting.failure) == ("transcoding", None)
    assert waiting.notice
    assert "disk is full" in waiting.notice
    done = testing.run_pipeline(asset.id)
    assert (done.state, done.notice) == ("ready", None)

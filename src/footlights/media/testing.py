"""Real media for tests: a tiny film made by ffmpeg and packaged by the real pipeline, once a run, then copied."""

import io
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.media import api, models, policies
from footlights.media.adapters import programs
from footlights.media.errors import MediaError
from footlights.media.operations import append_to_upload, package_asset, probe_asset, steps, transcode_asset
from footlights.media.operations.steps import State, Step

_FILM = [
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=426x240:rate=24:duration=6",
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=440:duration=6",
]
_SOUND = ["-f", "lavfi", "-i", "sine=frequency=440:duration=6"]


def make_video(*arguments: str, suffix: str = "mp4") -> bytes:
    """What ffmpeg makes of `arguments` (its inputs and options, without the output)."""
    return _make(tuple(arguments), suffix)


def sample_video_bytes() -> bytes:
    """Six seconds of 240p with sound, about 200 kB."""
    return _make(
        (*_FILM, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"), "mp4"
    )


def sample_audio_bytes() -> bytes:
    return _make((*_SOUND, "-c:a", "libmp3lame"), "mp3")


def make_upload(owner_id: UUID, body: bytes | None = None, *, filename: str = "film.mp4") -> api.Upload:
    """A complete upload; its asset is queued, its pipeline not yet run."""
    body = sample_video_bytes() if body is None else body
    upload = api.start_upload(
        owner_id=owner_id, filename=filename, size_bytes=len(body), content_type="video/mp4", at=now()
    )
    return api.append_to_upload(upload_id=upload.id, owner_id=owner_id, offset_bytes=0, body=io.BytesIO(body), at=now())


def make_asset(owner_id: UUID, body: bytes | None = None, *, filename: str = "film.mp4") -> api.Asset:
    """A queued asset of a real file."""
    asset_id = make_upload(owner_id, body, filename=filename).asset_id
    assert asset_id is not None
    return api.get_asset(asset_id)


def run_pipeline(asset_id: UUID) -> api.Asset:
    """Every step, here and now, and again when a program crashes, as the worker's jobs would."""
    for _ in range(len(_STEPS) * policies.MAX_CRASHES):
        with suppress(MediaError):
            run_steps(asset_id, 1)
    return api.get_asset(asset_id)


def run_steps(asset_id: UUID, count: int) -> api.Asset:
    """The next `count` steps, unless it ends before."""
    for _ in range(count):
        row = models.Asset.objects.get(id=asset_id)
        if row.step == Step.NONE or row.state in {State.FAILED, State.REJECTED}:
            break
        _STEPS[Step(row.step)](asset_id=asset_id)
    return api.get_asset(asset_id)


_STEPS = {
    Step.PROBE: probe_asset.probe_asset,
    Step.FIRST: transcode_asset.transcode_first,
    Step.PACKAGE_FIRST: package_asset.package_first,
    Step.REST: transcode_asset.transcode_rest,
    Step.PACKAGE_ALL: package_asset.package_all,
}


def make_ready_asset(owner_id: UUID, *, audio: bool = False) -> api.Asset:
    """A ready asset with real encrypted segments, manifests, stills and storyboard.

    The first one takes seconds, copies do not. The worker of a running service never hears of its steps.
    """
    with patch.object(steps, "defer_step"), patch.object(append_to_upload, "defer_step"):
        return _make_ready_asset(owner_id, audio=audio)


def _make_ready_asset(owner_id: UUID, *, audio: bool) -> api.Asset:
    asset = make_asset(owner_id, sample_audio_bytes() if audio else None, filename="song.mp3" if audio else "film.mp4")
    taken = set(models.ContentKey.objects.values_list("key_id", flat=True))
    kept = next((kept for kept in _packaged[audio] if kept["key"][0] not in taken), None)
    if kept:
        return _copy(asset.id, kept)
    asset = run_pipeline(asset.id)
    assert asset.state == "ready", asset.failure
    _packaged[audio].append(_remember(asset.id))
    return asset


_packaged: dict[bool, list[dict[str, Any]]] = {False: [], True: []}  # each with a key of its own


def _remember(asset_id: UUID) -> dict[str, Any]:
    row = models.Asset.objects.select_related("package").get(id=asset_id)
    assert row.package
    key = row.content_key
    prefixes = (f"media/{row.package.token}/", f"media/{row.stills_token}/")
    fields = ("state", "step", "facts", "kind", "width", "height", "duration_ms")
    return {
        "objects": {name: storage.get(name) for prefix in prefixes for name in storage.list_keys(prefix)},
        "asset": {field: getattr(row, field) for field in fields},
        "package": {"token": row.package.token, "heights": row.package.heights},
        "stills_token": row.stills_token,
        "storyboard_path": row.storyboard_path,
        "key": (key.key_id, bytes(key.sealed_key)),
        "stills": list(row.stills.values("purpose", "token", "width", "height", "widths", "color")),
    }


def _copy(asset_id: UUID, kept: dict[str, Any]) -> api.Asset:
    """The same segments and key under new paths."""
    row = models.Asset.objects.get(id=asset_id)
    fresh = {kept["package"]["token"]: new_token(), kept["stills_token"]: row.stills_token}
    for name, body in kept["objects"].items():
        top, token, rest = name.split("/", 2)
        storage.put(f"{top}/{fresh[token]}/{rest}", body)
    package = kept["package"] | {"token": fresh[kept["package"]["token"]]}
    row.package = models.Package.objects.create(asset=row, **package)
    for field, value in kept["asset"].items():
        setattr(row, field, value)
    row.storyboard_path = kept["storyboard_path"].replace(kept["stills_token"], row.stills_token)
    row.save()
    key_id, sealed_key = kept["key"]
    models.ContentKey.objects.create(asset=row, key_id=key_id, sealed_key=sealed_key)
    for still in kept["stills"]:
        token = still["token"].replace(kept["stills_token"], row.stills_token)
        models.Picture.objects.create(asset=row, owner_id=row.owner_id, **(still | {"token": token}))
    return api.get_asset(asset_id)


@cache
def _make(arguments: tuple[str, ...], suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"made.{suffix}"
        subprocess.run(
            [programs.path("ffmpeg"), "-v", "error", "-y", *arguments, str(target)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return target.read_bytes()

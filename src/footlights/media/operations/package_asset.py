import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from footlights.kernel import crypto, storage
from footlights.kernel.clock import now
from footlights.kernel.events import publish
from footlights.kernel.ids import new_id, new_token
from footlights.media import events, models
from footlights.media.adapters import packager, sealed
from footlights.media.adapters.ffmpeg import Facts
from footlights.media.adapters.workplace import workplace
from footlights.media.operations.steps import State, Step, advance, release_connection, run_step
from footlights.media.queries import key_context, open_key

_TYPES = {
    ".mpd": "application/dash+xml",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
}


def package_first(*, asset_id: UUID) -> None:
    """Package what is there so far.

    From now on it plays. Publishes AssetPlayable. Next: the rest, if any. Repeatable.
    """
    run_step(asset_id, Step.PACKAGE_FIRST, _first)


def package_all(*, asset_id: UUID) -> None:
    """Package the whole ladder, replacing the first package. Publishes AssetReady. Repeatable."""
    run_step(asset_id, Step.PACKAGE_ALL, _all)


def _first(asset: models.Asset) -> None:
    complete = len(Facts(**asset.facts).rungs) <= 1
    package = _package(asset)
    release_connection()
    at = now()
    with transaction.atomic():
        if not _publish(asset, package, complete=complete, at=at):
            return
        publish(events.AssetPlayable(asset_id=asset.id, at=at))
        if complete:
            publish(events.AssetReady(asset_id=asset.id, at=at))


def _all(asset: models.Asset) -> None:
    package = _package(asset)
    release_connection()
    at = now()
    with transaction.atomic():
        if _publish(asset, package, complete=True, at=at):
            publish(events.AssetReady(asset_id=asset.id, at=at))


def _package(asset: models.Asset) -> models.Package:
    """Write segments and manifests under a new path that nobody knows yet.

    Its row is there first, and retired until it is published: what a killed worker leaves half-written is swept up
    like any
    package that is no longer needed.
    """
    key = _content_key(asset)
    renditions = list(asset.renditions.exclude(object_prefix=""))
    heights = sorted((int(r.name) for r in renditions if r.name != "audio"), reverse=True)
    at = now()
    package = models.Package.objects.create(
        asset=asset, token=new_token(), heights=heights, created_at=at, retired_at=at
    )
    secret = open_key(key)
    release_connection()
    with workplace() as folder:
        sources, target = folder / "in", folder / "out"
        sources.mkdir()
        target.mkdir()
        for rendition in renditions:
            path = sources / f"{rendition.name}.mp4"
            sealed.get_file(rendition.object_prefix, path, size_bytes=rendition.size_bytes)
        names = [str(height) for height in heights] + [r.name for r in renditions if r.name == "audio"]
        packager.package(names, sources=sources, target=target, key_id=key.key_id, key=secret)
        _store(target, package.token)
    return package


def _store(folder: Path, token: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            storage.put(f"media/{token}/{path.relative_to(folder)}", path, content_type=_TYPES.get(path.suffix))


def _content_key(asset: models.Asset) -> models.ContentKey:
    """The asset's key, made on first need. Two that race for it both get the winner's."""
    key_id = new_id()
    sealed_key = crypto.seal(secrets.token_bytes(16), context=key_context(key_id))
    row, _ = models.ContentKey.objects.get_or_create(asset=asset, defaults={"key_id": key_id, "sealed_key": sealed_key})
    return row


def _publish(asset: models.Asset, package: models.Package, *, complete: bool, at: datetime) -> bool:
    """Point the asset at the package in one update. The package before it is retired, and swept up hours later."""
    kept = advance(
        asset,
        Step.NONE if complete else Step.REST,
        at=at,
        package=package,
        state=State.READY if complete else State.PLAYABLE,
    )
    if kept:
        models.Package.objects.filter(id=package.id).update(retired_at=None)
        asset.packages.exclude(id=package.id).filter(retired_at=None).update(retired_at=at)
    return kept

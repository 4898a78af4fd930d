"""Bounded reads. get_ raises, find_ may return None, list_ is bounded by what it is asked for."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from footlights.kernel import crypto, storage
from footlights.kernel.errors import NotFoundError
from footlights.kernel.reads import fetch_rows
from footlights.kernel.shared import Shared
from footlights.media import models, policies, records

CONTENT_KEYS = """
select key.key_id, key.sealed_key
from media_contentkey as key join media_asset as asset on asset.id = key.asset_id
where asset.id = %s and asset.deleted_at is null
"""
KEYS_KEPT_S = 60.0
_keys: Shared[dict[str, bytes]] = Shared(fresh_s=KEYS_KEPT_S, stale_s=0, capacity=2_000)


def get_upload(upload_id: UUID, owner_id: UUID) -> records.Upload:
    """The owner's upload. To anybody else it does not exist. Raises NotFoundError."""
    row = models.Upload.objects.select_related("asset").filter(id=upload_id, owner_id=owner_id).first()
    if row is None:
        raise NotFoundError("There is no such upload.")
    return upload_record(row)


def find_upload(upload_id: UUID) -> records.Upload | None:
    """Whoever's it is: for those who know already that they may see it."""
    row = models.Upload.objects.select_related("asset").filter(id=upload_id).first()
    return upload_record(row) if row else None


def get_upload_room(owner_id: UUID, *, at: datetime) -> records.UploadRoom:
    """Whatever is on its way counts whole, from its announcement on."""
    gone = Q(state=models.Upload.State.EXPIRED) | Q(state=models.Upload.State.RECEIVING, expires_at__lte=at)
    kept = models.Upload.objects.filter(owner_id=owner_id).exclude(gone)
    used = kept.aggregate(used=Sum("size_bytes"))["used"] or 0
    return records.UploadRoom(used_bytes=int(used), most_bytes=settings.MAX_STORED_BYTES_A_PERSON)


def list_uploads(owner_id: UUID, *, unfinished: bool = True) -> list[records.Upload]:
    """The owner's fifty newest; with `unfinished` only those that can still be resumed."""
    rows = models.Upload.objects.select_related("asset").filter(owner_id=owner_id)
    if unfinished:
        rows = rows.filter(state=models.Upload.State.RECEIVING)
    return [upload_record(row) for row in rows.order_by("-created_at")[:50]]


def get_asset(asset_id: UUID) -> records.Asset:
    asset = list_assets([asset_id]).get(asset_id)
    if asset is None:
        raise NotFoundError("There is no such film.")
    return asset


def get_asset_to_play(asset_id: UUID) -> records.Asset:
    """Without its poster candidates, which no player shows: one query. Raises NotFoundError."""
    row = _shown().filter(id=asset_id).first()
    if row is None:
        raise NotFoundError("There is no such film.")
    return _asset_record(row, [])


def list_assets(ids: Iterable[UUID]) -> dict[UUID, records.Asset]:
    """In two queries, however many."""
    return {row.id: _asset_record(row, row.stills.all()) for row in _assets().filter(id__in=set(ids))}


def list_failed_assets(limit: int = 50) -> list[records.Asset]:
    """What needs an administrator's eye, newest first."""
    stopped = _assets().filter(state__in=[models.Asset.State.FAILED, models.Asset.State.REJECTED])
    return [_asset_record(row, row.stills.all()) for row in stopped.order_by("-updated_at")[:limit]]


def count_assets_by_state() -> dict[str, int]:
    counted = models.Asset.objects.filter(deleted_at=None).values_list("state").annotate(count=Count("id"))
    return dict(counted.order_by("state"))


def content_keys(asset_id: UUID) -> dict[str, bytes]:
    """The asset's keys, opened. Only playback's licence endpoint calls this, after asking who may watch.

    Keys never change, so they are kept in this process for a while: those of a deleted film for KEYS_KEPT_S at most.
    """
    try:
        return _keys.get(asset_id, lambda: _content_keys(asset_id))
    except NotFoundError:  # nothing is kept, for there may be keys soon
        return {}


def _content_keys(asset_id: UUID) -> dict[str, bytes]:
    rows = fetch_rows(CONTENT_KEYS, [asset_id])
    if not rows:
        raise NotFoundError("This film has no keys.")
    return {key_id.hex: _open(key_id, sealed_key) for key_id, sealed_key in rows}


def open_key(row: models.ContentKey) -> bytes:
    return _open(row.key_id, row.sealed_key)


def _open(key_id: UUID, sealed_key: bytes | memoryview) -> bytes:
    return crypto.unseal(bytes(sealed_key), context=key_context(key_id))


def key_context(key_id: UUID) -> str:
    return f"content-key:{key_id.hex}"


def get_pictures(ids: Iterable[UUID]) -> dict[UUID, records.Picture]:
    return {row.id: picture_record(row) for row in models.Picture.objects.filter(id__in=set(ids))}


def read_picture(picture_id: UUID, *, width_px: int) -> bytes | None:
    """The picture as WebP, no wider than that where it is kept so; None when it is gone."""
    row = models.Picture.objects.filter(id=picture_id).first()
    if row is None:
        return None
    width = max((each for each in row.widths if each <= width_px), default=min(row.widths))
    key = f"media/{row.token}/{width}.webp"
    return storage.get(key) if storage.exists(key) else None


def owns_picture(picture_id: UUID, owner_id: UUID) -> bool:
    """Whether this person sent the picture, or the film it is a frame of."""
    theirs = Q(owner_id=owner_id) | Q(asset__owner_id=owner_id)  # a file may have changed hands
    return models.Picture.objects.filter(theirs, id=picture_id).exists()


def list_captions(asset_id: UUID) -> list[records.Captions]:
    rows = models.Captions.objects.filter(asset_id=asset_id, asset__deleted_at=None).order_by("language")
    return [captions_record(row) for row in rows]


def upload_record(row: models.Upload) -> records.Upload:
    asset = getattr(row, "asset", None)
    return records.Upload(
        id=row.id,
        owner_id=row.owner_id,
        filename=row.filename,
        size_bytes=row.size_bytes,
        offset_bytes=row.offset_bytes,
        state=row.state,  # type: ignore[arg-type]  # the column's choices are the literal's
        expires_at=row.expires_at,
        asset_id=asset.id if asset else None,
    )


def picture_record(row: models.Picture) -> records.Picture:
    base = f"/media/{row.token}/"
    return records.Picture(
        id=row.id,
        url_base=base,
        width=row.width,
        height=row.height,
        color=row.color,
        sources=[(w, f"{base}{w}.{kind}", f"image/{kind}") for w in row.widths for kind in ("avif", "webp")],
    )


def captions_record(row: models.Captions) -> records.Captions:
    return records.Captions(
        id=row.id,
        language=row.language,
        label=_language_name(row.language),
        url=f"/media/{row.token}/{row.language}.vtt",
    )


def _shown() -> QuerySet[models.Asset]:
    return models.Asset.objects.filter(deleted_at=None).select_related("package", "content_key")


def _assets() -> QuerySet[models.Asset]:
    return _shown().prefetch_related("stills")


def _asset_record(row: models.Asset, stills: Iterable[models.Picture]) -> records.Asset:
    return records.Asset(
        id=row.id,
        owner_id=row.owner_id,
        filename=row.filename,
        size_bytes=row.size_bytes,
        state=row.state,  # type: ignore[arg-type]  # the column's choices are the literal's
        stages=policies.stages(
            state=row.state,
            step=row.step,
            percent=row.step_percent,
            seconds_left=row.step_seconds_left,
            started=row.step_started,
        ),
        kind=row.kind or None,  # type: ignore[arg-type]
        width=row.width,
        height=row.height,
        duration_ms=row.duration_ms,
        failure=row.failure or None,
        notice=row.notice or None,
        playback=_playback(row),
        poster_candidates=[picture_record(still) for still in sorted(stills, key=lambda s: s.id)],
        storyboard_url=f"/media/{row.storyboard_path}" if row.storyboard_path else None,
        created_at=row.created_at,
    )


def _playback(row: models.Asset) -> records.Playback | None:
    if row.package is None:
        return None
    base = f"/media/{row.package.token}"
    return records.Playback(
        dash_url=f"{base}/manifest.mpd",
        hls_url=f"{base}/master.m3u8",
        key_ids=[row.content_key.key_id.hex],
        heights=list(row.package.heights),
    )


def _language_name(tag: str) -> str:
    """The language in its own words: Deutsch, português (Brasil)."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag

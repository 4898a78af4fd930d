from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from footlights.catalog.api import get_title
from footlights.media.api import Asset, get_asset, list_captions
from footlights.monetization.api import may_watch, start_rental
from footlights.playback.errors import NoTicketError, NotReadyError, TokenRefusedError
from footlights.playback.models import Screen
from footlights.playback.policies import SILENT_AFTER, credits_at_ms, view_threshold_ms
from footlights.playback.queries import resume_at_ms
from footlights.playback.records import WatchSession
from footlights.playback.tokens import Token, digest_of, holder_of, read_token, write_token


def start_watching(
    *, viewer_id: UUID | None, session_key: str, title_id: UUID, device: str, at: datetime, replaces: str | None = None
) -> WatchSession:
    """Give a player its screen: ask `may_watch`, start a rental's hours, stop the oldest screen beyond the limit.

    `session_key` is the browser session's secret that the token is bound to; `replaces` the token of the screen that
    this same tab had before a reload, so that it does not take two places. Locks the holder's places (an advisory
    lock) for one transaction. Raises NotFoundError, NoTicketError (with the decision), NotReadyError (with the asset).
    """
    title = get_title(title_id)
    decision = may_watch(viewer_id, title_id, at)
    if not decision.allowed:
        raise NoTicketError(decision)
    asset = _playable(title.asset_id)
    if decision.reason == "rented" and viewer_id is not None:
        start_rental(viewer_id=viewer_id, title_id=title_id, at=at)
    duration_ms = asset.duration_ms or title.duration_ms or 0
    digest = digest_of(session_key)
    screen = Screen(
        holder=holder_of(viewer_id, digest), viewer_id=viewer_id, session_digest=digest, title_id=title_id,
        asset_id=asset.id,
        duration_ms=duration_ms, view_at_ms=view_threshold_ms(duration_ms), credits_at_ms=credits_at_ms(duration_ms),
        device=device[:60], started_at=at, last_beat_at=at,
    )  # fmt: skip
    displaced = _take_place(screen, _screen_of(replaces, session_key, at), at)
    assert asset.playback is not None  # noqa: S101  _playable saw to it
    return WatchSession(
        id=screen.id,
        title_id=title_id,
        token=write_token(Token(screen.id, title_id, viewer_id, digest, at)),
        dash_url=asset.playback.dash_url,
        hls_url=asset.playback.hls_url,
        heights=tuple(asset.playback.heights),
        storyboard_url=asset.storyboard_url,
        captions=tuple(list_captions(asset.id)),
        resume_at_ms=resume_at_ms(viewer_id, title_id, duration_ms),
        duration_ms=duration_ms,
        audio_only=asset.kind == "audio",
        still_processing=asset.state != "ready",
        displaced_device=displaced,
    )


def _playable(asset_id: UUID | None) -> Asset:
    if asset_id is None:
        raise NotReadyError(_("There is no film here yet. It has not been uploaded."), None)
    asset = get_asset(asset_id)
    if asset.playback is None:
        if asset.state in {"failed", "rejected"}:
            raise NotReadyError(_("This film could not be prepared. Its maker has been told."), asset)
        raise NotReadyError(_("This film is still being prepared. It starts by itself when it is ready."), asset)
    return asset


def _screen_of(token: str | None, session_key: str, at: datetime) -> UUID | None:
    if token is None:
        return None
    try:
        return read_token(token, session_keys=[session_key], at=at).screen_id
    except TokenRefusedError:
        return None  # too old to matter: that screen has been silent for longer than it holds a place


def _take_place(screen: Screen, replaced_id: UUID | None, at: datetime) -> str | None:
    """Store the screen and end the oldest ones beyond the limit; the device that had to go, if any."""
    with transaction.atomic():
        lock_places(screen.holder)
        if replaced_id is not None:
            Screen.objects.filter(id=replaced_id, holder=screen.holder, ended_at=None).update(
                ended_at=at, end_reason=Screen.EndReason.STOPPED
            )
        alive = list(alive_screens(screen.holder, at).order_by("started_at", "id").values_list("id", "device"))
        surplus = alive[: max(0, len(alive) + 1 - settings.MAX_SCREENS_PER_ACCOUNT)]
        if surplus:
            Screen.objects.filter(id__in=[screen_id for screen_id, _device in surplus]).update(
                ended_at=at, end_reason=Screen.EndReason.DISPLACED, ended_by_device=screen.device
            )
        screen.save(force_insert=True)
    return surplus[-1][1] if surplus else None


def lock_places(holder: UUID) -> None:
    """One start or revival at a time for each holder, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('playback.places:' || %s::text, 0))", [holder.hex]
        )


def alive_screens(holder: UUID, at: datetime) -> QuerySet[Screen]:
    return Screen.objects.filter(holder=holder, ended_at=None, last_beat_at__gt=at - SILENT_AFTER)

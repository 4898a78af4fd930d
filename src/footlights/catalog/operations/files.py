"""Which file a title plays. A replacement waits until it can play; until then the old one stays.

Everything here runs inside its caller's transaction, with the title's row locked, and may be repeated.
"""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from footlights.catalog import models
from footlights.catalog.events import FileReplaced, TitlePlayable
from footlights.catalog.operations.announcing import announce_if_out
from footlights.kernel import events
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media
from footlights.media.api import Asset

PLAYABLE = frozenset({"playable", "ready"})
REPLACED_KEPT_S = 24 * 60 * 60


def check_own_asset(asset_id: UUID, *owner_ids: UUID) -> None:
    """Raises NotFoundError for a file of anybody but these: whoever asks, and the channel's owner."""
    if media.get_asset(asset_id).owner_id not in owner_ids:
        raise NotFoundError("There is no such file.")


def uses(asset_id: UUID) -> Q:
    """Titles that play this file, or will: as the work itself or as its trailer."""
    places = ("asset_id", "next_asset_id", "trailer_asset_id", "next_trailer_asset_id")
    return reduce(or_, (Q(**{place: asset_id}) for place in places))


def check_unused(asset_id: UUID) -> None:
    """Raises InvalidInputError when a title has this file already."""
    if models.Title.objects.filter(uses(asset_id)).exists():
        raise InvalidInputError(_("That file belongs to another title."))


def take_file(title: models.Title, asset_id: UUID, *, at: datetime) -> None:
    """Make `asset_id` what the title plays: at once if it has nothing that plays, else when it can play."""
    if asset_id in {title.asset_id, title.next_asset_id}:
        return
    check_unused(asset_id)
    replaced = title.next_asset_id
    if title.playable_at is None:
        replaced = title.asset_id or replaced
        title.asset_id, title.next_asset_id = asset_id, None
    else:
        title.next_asset_id = asset_id
    title.updated_at = at
    try:
        with transaction.atomic():
            title.save(update_fields=["asset_id", "next_asset_id", "updated_at"])
    except IntegrityError as error:
        raise InvalidInputError(_("That file belongs to another title.")) from error
    if replaced is not None and title.playable_at is None:
        events.publish(FileReplaced(title_id=title.pk, at=at))
    discard(replaced, title, after_s=0)
    media.hand_over(asset_id=asset_id, to_owner_id=title.channel.owner_id)
    asset = media.get_asset(asset_id)
    if asset.state in PLAYABLE:
        start_playing(title, asset, at=at)


def expect_upload(title: models.Title, place: Literal["upload_id", "trailer_upload_id"], upload_id: UUID) -> None:
    """Wait at `place` for this upload to become a file. One upload is one title's: its work or its trailer."""
    taken = Q(upload_id=upload_id) | Q(trailer_upload_id=upload_id)
    others = models.Title.objects.filter(taken).exclude(**{"pk": title.pk, place: upload_id})
    try:
        if others.exists():
            raise InvalidInputError(_("That file belongs to another title."))
        setattr(title, place, upload_id)
        with transaction.atomic():
            title.save(update_fields=[place])
    except IntegrityError as error:
        raise InvalidInputError(_("That file belongs to another title.")) from error


def start_playing(title: models.Title, asset: Asset, *, at: datetime) -> None:
    """The asset can play now: swap it in, and take its length, kind and, where there is none, a poster from it."""
    if asset.id == title.next_asset_id:
        old = title.asset_id
        title.asset_id, title.next_asset_id = asset.id, None
        if old is not None:
            media.copy_captions(from_asset_id=old, to_asset_id=asset.id, at=at)
            discard(old, title, after_s=REPLACED_KEPT_S)
            events.publish(FileReplaced(title_id=title.pk, at=at))
    if title.playable_at is None:
        events.publish(TitlePlayable(title_id=title.pk, at=at))
    title.playable_at = title.playable_at or at
    title.kind = asset.kind or title.kind
    title.duration_ms = asset.duration_ms or title.duration_ms
    if title.poster_id is None and asset.poster_candidates:
        title.poster_id = asset.poster_candidates[0].id
    title.save(update_fields=["asset_id", "next_asset_id", "playable_at", "kind", "duration_ms", "poster_id"])
    announce_if_out(title, at=at)


def discard(asset_id: UUID | None, title: models.Title, *, after_s: int) -> None:
    """Delete a file the title no longer plays; a replaced one only a day later, for whoever is watching it now."""
    from footlights.catalog.jobs import discard_asset  # noqa: PLC0415  jobs.py calls the operations, which defer jobs

    if asset_id is not None:
        discard_asset.configure(schedule_in={"seconds": after_s}).defer(asset_id=str(asset_id), title_id=str(title.pk))

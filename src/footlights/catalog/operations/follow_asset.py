"""What titles do when media tells that an upload is whole or an asset can play. Repeatable, and late is as good."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.accounts.api import Permission
from footlights.catalog import models
from footlights.catalog.membership import managed_by
from footlights.catalog.operations.files import PLAYABLE, start_playing, take_file, uses
from footlights.catalog.operations.trailers import start_trailer, take_trailer
from footlights.kernel.errors import NotFoundError
from footlights.media import api as media


@transaction.atomic
def attach_upload(*, upload_id: UUID, asset_id: UUID, owner_id: UUID, at: datetime) -> None:
    """The upload a title waits for is whole: its asset becomes the title's file or trailer, or waits to replace it.

    Not if `owner_id`, who sent it, may not edit the channel's titles (any more). Repeatable.
    """
    mine = managed_by(owner_id, Permission.EDIT_TITLES)
    waiting = models.Title.objects.select_for_update(no_key=True, of=("self",)).select_related("channel").filter(mine)
    if title := waiting.filter(upload_id=upload_id).first():
        take_file(title, asset_id, at=at)
    elif title := waiting.filter(trailer_upload_id=upload_id).first():
        take_trailer(title, asset_id, at=at)


@transaction.atomic
def accept_asset(*, asset_id: UUID, at: datetime) -> None:
    """An asset can play, or knows more of itself: the title it belongs to starts playing it. Repeatable."""
    title = models.Title.objects.select_for_update(no_key=True, of=("self",)).filter(uses(asset_id)).first()
    if title is None:
        return
    try:
        asset = media.get_asset(asset_id)
    except NotFoundError:
        return
    if asset.state not in PLAYABLE:
        return
    if asset_id in {title.asset_id, title.next_asset_id}:
        start_playing(title, asset, at=at)
    else:
        start_trailer(title, asset)

"""Which trailer a title shows. A new one waits until it can play; until then the old one stays.

Everything here runs inside its caller's transaction, with the title's row locked, and may be repeated.
"""

from datetime import datetime
from uuid import UUID

from footlights.catalog import models
from footlights.catalog.operations.files import PLAYABLE, REPLACED_KEPT_S, check_unused, discard
from footlights.media import api as media
from footlights.media.api import Asset


def take_trailer(title: models.Title, asset_id: UUID, *, at: datetime) -> None:
    """Make `asset_id` the title's trailer as soon as it can play."""
    if asset_id in {title.trailer_asset_id, title.next_trailer_asset_id}:
        return
    check_unused(asset_id)
    discard(title.next_trailer_asset_id, title, after_s=0)
    title.next_trailer_asset_id, title.updated_at = asset_id, at
    title.save(update_fields=["next_trailer_asset_id", "updated_at"])
    media.hand_over(asset_id=asset_id, to_owner_id=title.channel.owner_id)
    asset = media.get_asset(asset_id)
    if asset.state in PLAYABLE:
        start_trailer(title, asset)


def start_trailer(title: models.Title, asset: Asset) -> None:
    """The asset can play now: show it, if it has a picture to show."""
    if asset.id != title.next_trailer_asset_id or asset.kind != "video":
        return
    discard(title.trailer_asset_id, title, after_s=REPLACED_KEPT_S)
    title.trailer_asset_id, title.next_trailer_asset_id, title.trailer_upload_id = asset.id, None, None
    title.save(update_fields=["trailer_asset_id", "next_trailer_asset_id", "trailer_upload_id"])

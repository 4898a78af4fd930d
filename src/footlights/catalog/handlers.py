"""What the catalog does when media tells something. Each may be told twice, late, or about nobody's file."""

from footlights.catalog.operations.follow_asset import accept_asset, attach_upload
from footlights.kernel.events import subscribe
from footlights.media.events import AssetPlayable, AssetReady, UploadCompleted


@subscribe(UploadCompleted)
def attach_completed_upload(event: UploadCompleted) -> None:
    attach_upload(upload_id=event.upload_id, asset_id=event.asset_id, owner_id=event.owner_id, at=event.at)


@subscribe(AssetPlayable)
def play_asset(event: AssetPlayable) -> None:
    accept_asset(asset_id=event.asset_id, at=event.at)


@subscribe(AssetReady)
def refresh_asset(event: AssetReady) -> None:
    accept_asset(asset_id=event.asset_id, at=event.at)

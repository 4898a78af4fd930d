"""Thin: ids in, one operation called.

What makes a film play goes to a lane of its own, so that it never waits behind the hours that further qualities take.
"""

from datetime import UTC, datetime
from uuid import UUID

from footlights.kernel.jobs import MEDIA, MEDIA_FIRST, job
from footlights.media.operations import (
    delete_asset,
    expire_uploads,
    package_asset,
    resume_assets,
    sweep_objects,
    transcode_asset,
)
from footlights.media.operations import (
    probe_asset as probing,
)

# In each lane what is begun is finished first; but everybody soon learns whether their file is accepted.
_PROBE, _PACKAGE, _TRANSCODE = 30, 20, 10
_TRIES = 8  # the step itself counts crashes; these are for a full disk or a database away, over some minutes


@job(queue=MEDIA_FIRST, tries=_TRIES, priority=_PROBE)
def probe_asset(asset_id: str) -> None:
    probing.probe_asset(asset_id=UUID(asset_id))


@job(queue=MEDIA_FIRST, tries=_TRIES, priority=_TRANSCODE)
def transcode_first(asset_id: str) -> None:
    transcode_asset.transcode_first(asset_id=UUID(asset_id))


@job(queue=MEDIA_FIRST, tries=_TRIES, priority=_PACKAGE)
def package_first(asset_id: str) -> None:
    package_asset.package_first(asset_id=UUID(asset_id))


@job(queue=MEDIA, tries=_TRIES, priority=_TRANSCODE)
def transcode_rest(asset_id: str) -> None:
    transcode_asset.transcode_rest(asset_id=UUID(asset_id))


@job(queue=MEDIA, tries=_TRIES, priority=_PACKAGE)
def package_all(asset_id: str) -> None:
    package_asset.package_all(asset_id=UUID(asset_id))


@job(tries=10)
def erase_asset(asset_id: str) -> None:
    delete_asset.erase_asset(asset_id=UUID(asset_id))


@job(cron="*/5 * * * *")
def tidy(timestamp: int) -> None:
    """Expire abandoned uploads, free replaced objects, wake assets whose jobs ran out."""
    at = datetime.fromtimestamp(timestamp, UTC)
    expire_uploads.expire_uploads(at=at)
    sweep_objects.sweep_objects(at=at)
    resume_assets.resume_assets(at=at)

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.kernel import storage
from footlights.kernel.errors import NotFoundError
from footlights.media import models
from footlights.media.operations.append_to_upload import source_prefix


def delete_asset(*, asset_id: UUID, at: datetime, keep_pictures: Collection[UUID] = ()) -> None:
    """Take the asset away from everybody at once; a job frees its objects. Repeatable. Raises NotFoundError.

    Frames of it that serve as posters elsewhere live on when named in `keep_pictures`.
    """
    from footlights.media.jobs import erase_asset as job  # noqa: PLC0415  jobs import operations

    with transaction.atomic():
        models.Picture.objects.filter(asset_id=asset_id, id__in=keep_pictures).update(asset=None)
        if models.Asset.objects.filter(id=asset_id, deleted_at=None).update(deleted_at=at):
            job.defer(asset_id=str(asset_id))
            asset = models.Asset.objects.get(id=asset_id)
            told = {"file": asset.filename, "size_bytes": asset.size_bytes}
            record(
                act=Act.FILE_DELETED, object_kind="file", object_id=asset_id, person_ids=[asset.owner_id], before=told
            )
        elif not models.Asset.objects.filter(id=asset_id).exists():
            raise NotFoundError("There is no such film.")


def erase_asset(*, asset_id: UUID) -> None:
    """Free everything a deleted asset holds, then forget it. Repeatable."""
    asset = models.Asset.objects.filter(id=asset_id).exclude(deleted_at=None).first()
    if asset is None:
        return
    for token in [*asset.packages.values_list("token", flat=True), *asset.captions.values_list("token", flat=True),
                  *asset.stills.values_list("token", flat=True)]:  # fmt: skip
        storage.delete_prefix(f"media/{token}/")
    if asset.storyboard_path:
        storage.delete_prefix(f"media/{asset.stills_token}/storyboard/")
    storage.delete_prefix(f"work/{asset.id.hex}/")
    storage.delete_prefix(source_prefix(asset.upload_id))
    with transaction.atomic():
        models.Asset.objects.filter(id=asset.id).update(package=None, state=models.Asset.State.QUEUED)
        upload_id = asset.upload_id
        asset.delete()
        models.Upload.objects.filter(id=upload_id).delete()

from datetime import datetime, timedelta

from footlights.kernel import storage
from footlights.media import models
from footlights.media.adapters import workplace

_GRACE = timedelta(hours=6)  # longer than a viewer stays in a film whose package was replaced
_AT_ONCE = 100


def sweep_objects(*, at: datetime) -> None:
    """Free what nobody needs any more.

    Replaced packages, renditions that are in a package, orphaned scratch. Repeatable.
    """
    workplace.sweep()
    for package in models.Package.objects.filter(retired_at__lte=at - _GRACE)[:_AT_ONCE]:
        storage.delete_prefix(f"media/{package.token}/")
        package.delete()
    finished = models.Asset.objects.filter(state=models.Asset.State.READY).exclude(renditions__object_prefix="")
    for asset_id in finished.filter(renditions__isnull=False).values_list("id", flat=True).distinct()[:_AT_ONCE]:
        storage.delete_prefix(f"work/{asset_id.hex}/")
        models.Rendition.objects.filter(asset_id=asset_id).update(object_prefix="")

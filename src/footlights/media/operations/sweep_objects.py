from datetime import datetime, timedelta

from footlights.kernel import storage
from footlights.media import models
from footlights.media.adapters import workplace

_GRACE = timedelta(hours=6)  # longer than a viewer stays in a film whose package was replaced
_AT_ONCE = 100


def sweep_objects(*, at: datetime) -> None:
    """Free what nobody needs any more: replaced packages, renditions that are in a package, orphaned scratch. Repeatable."""
    workplace.sweep()
    for package in models.Package.objects.filter(retired_at__lte=at - _GRACE)[:_AT_ONCE]:
        storage.delete_prefix(f"media/{package.token}/")
        package.delete()
    finished = models.Rendition.objects.filter(asset__state=models.Asset.State.READY).exclude(object_prefix="")
    for rendition in finished[:_AT_ONCE]:
        storage.delete_prefix(rendition.object_prefix)
        models.Rendition.objects.filter(id=rendition.id).update(object_prefix="")

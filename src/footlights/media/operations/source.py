from collections.abc import Iterator
from contextlib import contextmanager

from footlights.media import models
from footlights.media.adapters import sealed
from footlights.media.operations.steps import release_connection


@contextmanager
def open_source(asset: models.Asset) -> Iterator[int]:
    """A descriptor of the asset's source as it was uploaded, decrypted for as long as the context lasts."""
    keys = list(
        models.SourcePart.objects.filter(upload_id=asset.upload_id)
        .order_by("offset_bytes")
        .values_list("object_key", flat=True)
    )
    release_connection()
    with sealed.opened(keys, size_bytes=asset.size_bytes) as source:
        yield source

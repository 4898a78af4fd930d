"""How media's sealed things are sealed anew: content keys by row, sources and renditions object by object."""

from collections.abc import Callable, Iterator

from obstore.exceptions import NotFoundError as ObjectNotFoundError

from footlights.kernel import crypto, storage
from footlights.kernel.reseal import reseal_column, reseals
from footlights.media import models
from footlights.media.queries import key_context


@reseals("keys of films")
def reseal_content_keys() -> int:
    return reseal_column(table="media_contentkey", key="key_id", column="sealed_key", context=key_context)


@reseals("uploaded files")
def reseal_sources() -> int:
    parts = models.SourcePart.objects.order_by("pk")
    return sum(_reseal(part.object_key, is_kept=_part_is_kept) for part in parts.iterator())


@reseals("files in work")
def reseal_renditions() -> int:
    return sum(_reseal(key, is_kept=_rendition_is_kept) for key in _rendition_keys())


def _rendition_keys() -> Iterator[str]:
    for rendition in models.Rendition.objects.exclude(object_prefix="").order_by("pk").iterator():
        yield from storage.list_keys(f"{rendition.object_prefix}/")


def _reseal(key: str, *, is_kept: Callable[[str], bool]) -> int:
    """Objects are written once, under names nobody else takes, so only a deletion can come in between."""
    try:
        if crypto.is_current(crypto.bulk_head(storage.get_start(key, crypto.BULK_HEAD_BYTES))):
            return 0
        storage.put(key, crypto.reseal_bulk(storage.get(key), context=key))
    except (ObjectNotFoundError, FileNotFoundError):
        return 0
    if not is_kept(key):
        storage.delete([key])
    return 1


def _part_is_kept(key: str) -> bool:
    return models.SourcePart.objects.filter(object_key=key).exists()


def _rendition_is_kept(key: str) -> bool:
    return models.Rendition.objects.filter(object_prefix=key.rpartition("/")[0]).exists()

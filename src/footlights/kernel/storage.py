"""Objects (files) behind one small door: a folder, S3, Google Cloud Storage or Azure, by `FOOTLIGHTS_STORAGE_URL`.

Keys under `media/` are public by address: the edge or a CDN serves them at /media/. Everything else is private.
An object is either whole or absent: obstore writes aside and renames, buckets commit at the end.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import obstore
from django.utils.translation import gettext as _
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as ObjectNotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from footlights.kernel import environment
from footlights.kernel.errors import FootlightsError

PUBLIC_PREFIX = "media/"


class StorageFullError(FootlightsError):
    """There is no space left. Nothing that was stored is harmed; free some space, then go on."""

    code = "storage_full"


def put(key: str, body: bytes | bytearray | Path, *, content_type: str | None = None) -> None:
    """Store an object whole, replacing what was there. Raises StorageFullError."""
    attributes = {"Content-Type": content_type} if content_type and not isinstance(_store(), LocalStore) else None
    try:
        # What is in memory already goes in one piece: several would only copy it.
        obstore.put(_store(), key, body, attributes=attributes, use_multipart=None if isinstance(body, Path) else False)
    except (BaseError, OSError) as error:
        if "os error 28" in str(error) or "os error 122" in str(error):  # ENOSPC, EDQUOT
            raise StorageFullError(
                _("There is no space left on the service's disk. What has arrived is safe; try again later.")
            ) from error
        raise


def get(key: str) -> bytes:
    """The whole object: only for small ones. Raises ObjectNotFoundError."""
    return obstore.get(_store(), key).bytes().to_bytes()


def get_start(key: str, size_bytes: int) -> bytes:
    """The object's first bytes. Raises ObjectNotFoundError."""
    return bytes(obstore.get_range(_store(), key, start=0, length=size_bytes))


def stream(key: str, *, chunk_bytes: int = 8 << 20) -> Iterator[bytes]:
    """The object piece by piece, in constant memory. Raises ObjectNotFoundError."""
    for chunk in obstore.get(_store(), key).stream(min_chunk_size=chunk_bytes):
        yield bytes(chunk)


def exists(key: str) -> bool:
    try:
        obstore.head(_store(), key)
    except (ObjectNotFoundError, FileNotFoundError):
        return False
    return True


def list_keys(prefix: str) -> list[str]:
    return [entry["path"] for batch in obstore.list(_store(), prefix) for entry in batch]


def delete(keys: Iterable[str]) -> None:
    """Remove objects; one that is gone already is no error."""
    for key in keys:
        try:
            obstore.delete(_store(), key)
        except (ObjectNotFoundError, FileNotFoundError):
            continue


def delete_prefix(prefix: str) -> None:
    delete(list_keys(prefix))


@cache
def _store() -> ObjectStore:
    url = environment.load().storage_url
    if url.startswith("file://"):
        return LocalStore(url.removeprefix("file://"), mkdir=True, automatic_cleanup=True)
    return from_url(url)

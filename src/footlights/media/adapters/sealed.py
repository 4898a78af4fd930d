"""Files at rest, sealed in pieces of a bounded size, so that no step needs more memory than a piece.

A piece is sealed for its own key, so pieces cannot be swapped, and a file cannot be cut short unnoticed: its size
is known.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from footlights.kernel import crypto, environment, storage
from footlights.media.errors import MediaError

PART_BYTES = 8 << 20


class SealedFileBrokenError(MediaError):
    """A stored file is not as long as it was. Restore it from the backup."""

    code = "sealed_file_broken"


def put_part(key: str, body: crypto.Buffer) -> None:
    storage.put(key, crypto.seal_bulk(body, context=key))


def get_part(key: str) -> bytes:
    return crypto.unseal_bulk(storage.get(key), context=key)


def put_file(prefix: str, path: Path) -> int:
    """Store the file as `<prefix>/<number>`; returns its size in bytes."""
    size_bytes = 0
    with path.open("rb") as file:
        for number, part in enumerate(iter(lambda: file.read(PART_BYTES), b"")):
            put_part(f"{prefix}/{number:06d}", part)
            size_bytes += len(part)
    return size_bytes


def get_file(prefix: str, path: Path, *, size_bytes: int) -> None:
    """Write the file stored by put_file to `path`."""
    with path.open("wb") as file:
        for number in range(-(-size_bytes // PART_BYTES)):
            file.write(get_part(f"{prefix}/{number:06d}"))
    if path.stat().st_size != size_bytes:
        raise SealedFileBrokenError(f"{prefix} should hold {size_bytes} bytes.")


@contextmanager
def opened(keys: Iterable[str], *, size_bytes: int) -> Iterator[int]:
    """A file descriptor of the parts' plain content in a file without a name: it vanishes even at kill -9."""
    scratch = environment.load().scratch
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=scratch) as file:
        for key in keys:
            file.write(get_part(key))
        file.flush()
        if os.fstat(file.fileno()).st_size != size_bytes:
            raise SealedFileBrokenError(f"A source should hold {size_bytes} bytes.")
        yield file.fileno()

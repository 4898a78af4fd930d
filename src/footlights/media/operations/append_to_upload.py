import hashlib
import secrets
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel import storage
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.events import publish
from footlights.media import events, models, records
from footlights.media.adapters import sealed
from footlights.media.errors import ChecksumMismatchError, OffsetConflictError, TooLargeError, UploadGoneError
from footlights.media.operations.start_upload import KEPT_FOR
from footlights.media.operations.steps import defer_step, release_connection
from footlights.media.queries import get_upload

MAX_CHECKED_BYTES = 256 << 20  # of one body with a checksum: it is committed whole, so it is bounded
_READ_BYTES = 1 << 20


class _Hash(Protocol):
    def update(self, data: memoryview | bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: memoryview | bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


CHECKSUMS: dict[str, Callable[[], _Hash]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "crc32": _Crc32}


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    digest: bytes

    def __post_init__(self) -> None:
        if self.algorithm not in CHECKSUMS:
            raise InvalidInputError(f"The checksum {self.algorithm!r} is not known here.")


@dataclass(frozen=True, slots=True)
class _Part:
    offset_bytes: int
    size_bytes: int
    object_key: str


def append_to_upload(
    *,
    upload_id: UUID,
    owner_id: UUID,
    offset_bytes: int,
    body: BinaryIO,
    checksum: Checksum | None = None,
    at: datetime,
    announced_bytes: int | None = None,
) -> records.Upload:
    """Take in what `body` delivers, from `offset_bytes` on; complete the upload with its last byte.

    Every part is sealed and stored under a name of its own, then committed by moving the row's offset from where the
    part begins to where it ends. Of two writers one moves it; the other raises OffsetConflictError. What a lost
    connection leaves is a shorter part. `announced_bytes` is how much the sender means to send now, if it says. With a
    checksum nothing is committed before all of it agrees (ChecksumMismatchError). The last byte makes the asset,
    publishes UploadCompleted and defers the pipeline, in one transaction. Also raises NotFoundError, UploadGoneError,
    TooLargeError.
    """
    upload = get_upload(upload_id, owner_id)
    if upload.state == "expired" or upload.expires_at <= at:
        raise UploadGoneError(_("This upload was left too long and has expired. Start it again."))
    if offset_bytes != upload.offset_bytes:
        raise OffsetConflictError(offset_bytes=upload.offset_bytes)
    if announced_bytes is not None and offset_bytes + announced_bytes > upload.size_bytes:
        raise TooLargeError(_("More is being sent than was announced."))
    if checksum is None:
        for part in _stored_parts(upload, body):
            _commit(upload, [part], at=at)
    else:
        _commit(upload, _checked_parts(upload, body, checksum), at=at)
    return get_upload(upload_id, owner_id)


def _checked_parts(upload: records.Upload, body: BinaryIO, checksum: Checksum) -> list[_Part]:
    digest = CHECKSUMS[checksum.algorithm]()
    parts: list[_Part] = []
    try:
        for part in _stored_parts(upload, body, digest):
            parts.append(part)
            _require_bounded(part.offset_bytes + part.size_bytes - upload.offset_bytes)
        _require_same(digest.digest(), checksum.digest)
    except BaseException:
        storage.delete(part.object_key for part in parts)
        raise
    return parts


def _require_bounded(size_bytes: int) -> None:
    if size_bytes > MAX_CHECKED_BYTES:
        raise TooLargeError(_("Too much for one checksum. Send it in smaller pieces."))


def _require_same(arrived: bytes, sent: bytes) -> None:
    if not secrets.compare_digest(arrived, sent):
        raise ChecksumMismatchError(_("What arrived is not what was sent. Send it again."))


def _stored_parts(upload: records.Upload, body: BinaryIO, digest: _Hash | None = None) -> Iterator[_Part]:
    """The body as stored parts, in order. Holds no database connection while it waits for the sender."""
    offset = upload.offset_bytes
    room = bytearray(min(sealed.PART_BYTES, upload.size_bytes - offset))
    ended = False
    while not ended and offset < upload.size_bytes:
        release_connection()
        left = upload.size_bytes - offset
        with memoryview(room)[:left] as wanted:
            size, broken = _fill(wanted, body)
            ended = size < len(wanted)
            if size == left and not broken and body.read(1):
                raise TooLargeError(_("More was sent than was announced."))
            if size == 0:
                return
            with wanted[:size] as content:
                if digest:
                    digest.update(content)
                key = f"{source_prefix(upload.id)}{offset:016x}-{secrets.token_hex(4)}"
                sealed.put_part(key, content)
        yield _Part(offset, size, key)
        offset += size


def _fill(room: memoryview, body: BinaryIO) -> tuple[int, bool]:
    """How much of the room the sender filled, and whether the connection broke: what arrived before that is kept."""
    size = 0
    while size < len(room):
        try:
            piece = body.read(min(_READ_BYTES, len(room) - size))
        except OSError:
            return size, True
        if not piece:
            break
        room[size : size + len(piece)] = piece
        size += len(piece)
    return size, False


def _commit(upload: records.Upload, parts: list[_Part], *, at: datetime) -> None:
    if not parts:
        return
    begin = parts[0].offset_bytes
    end = parts[-1].offset_bytes + parts[-1].size_bytes
    complete = end == upload.size_bytes
    try:
        with transaction.atomic():
            moved = models.Upload.objects.filter(
                id=upload.id, offset_bytes=begin, state=models.Upload.State.RECEIVING
            ).update(
                offset_bytes=end,
                expires_at=at + KEPT_FOR,
                state=models.Upload.State.COMPLETE if complete else models.Upload.State.RECEIVING,
            )
            if moved:
                models.SourcePart.objects.bulk_create(
                    models.SourcePart(
                        upload_id=upload.id,
                        offset_bytes=p.offset_bytes,
                        size_bytes=p.size_bytes,
                        object_key=p.object_key,
                    )
                    for p in parts
                )
                if complete:
                    _complete(upload, at=at)
    except IntegrityError:  # the row went away under us
        moved = 0
    except (OperationalError, InterfaceError):
        # The database went away, perhaps after it had committed: the parts may count. If not, they go with the upload.
        raise
    except BaseException:
        storage.delete(part.object_key for part in parts)
        raise
    if not moved:
        storage.delete(part.object_key for part in parts)
        try:
            now_at = get_upload(upload.id, upload.owner_id)
        except NotFoundError as error:
            raise UploadGoneError(_("This upload was taken back.")) from error
        raise OffsetConflictError(offset_bytes=now_at.offset_bytes)


def _complete(upload: records.Upload, *, at: datetime) -> None:
    asset = models.Asset.objects.create(
        owner_id=upload.owner_id,
        upload_id=upload.id,
        filename=upload.filename,
        size_bytes=upload.size_bytes,
        created_at=at,
        updated_at=at,
    )
    record(
        act=Act.UPLOAD_FINISHED,
        object_kind="upload",
        object_id=upload.id,
        actor_id=upload.owner_id,
        after={"file": upload.filename, "size_bytes": upload.size_bytes, "asset_id": asset.id},
    )
    publish(events.UploadCompleted(upload_id=upload.id, asset_id=asset.id, owner_id=upload.owner_id, at=at))
    defer_step(asset.id, models.Asset.Step.PROBE)


def source_prefix(upload_id: UUID) -> str:
    return f"sources/{upload_id.hex}/"

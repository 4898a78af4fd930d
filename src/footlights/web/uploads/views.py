"""The tus 1.0 endpoint (https://tus.io/protocols/resumable-upload).

Core, creation, creation-with-upload, termination, checksum, expiration. It translates headers; what happens to the
bytes is media's.
"""

import base64
import binascii
import re
from collections.abc import Callable
from functools import wraps
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date

from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, InvalidInputError, NotAllowedError, NotFoundError
from footlights.kernel.storage import StorageFullError
from footlights.media import api as media

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
BODY_TYPE = "application/offset+octet-stream"
_STATUS = {
    "offset_conflict": 409,
    "checksum_mismatch": 460,
    "too_large": 413,
    "upload_gone": 410,
    "not_found": 404,
    "not_allowed": 403,
    "storage_full": 507,
    "invalid_input": 400,
}
_NUMBER = re.compile(r"\d{1,16}")

View = Callable[..., HttpResponse]


def _tus(view: View) -> View:
    """Speak tus: the version both ways, signed-in people only, errors as their status and one sentence of text."""

    @wraps(view)
    def answer(request: HttpRequest, **where: UUID) -> HttpResponse:
        if request.method == "OPTIONS":
            response = _options()
        elif request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        elif not request.user.is_authenticated:
            response = _sentence(401, "Sign in to upload.")
        else:
            try:
                response = view(request, **where)
            except (media.MediaError, InvalidInputError, NotFoundError, NotAllowedError, StorageFullError) as error:
                response = _refusal(error)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return answer


@_tus
def collection(request: HttpRequest) -> HttpResponse:
    """POST announces an upload; its body, if any, is the first piece."""
    if request.method != "POST":
        return _not_allowed("OPTIONS, POST")
    described = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = media.start_upload(
        owner_id=_person(request),
        filename=described.get("filename") or described.get("name", ""),
        size_bytes=_number(request, "Upload-Length"),
        content_type=described.get("filetype", ""),
        at=now(),
    )
    if request.content_type == BODY_TYPE:
        upload = _append(request, upload.id, 0)
    response = HttpResponse(status=201)
    response["Location"] = reverse("uploads:item", args=[upload.id])
    return _place(response, upload)


@_tus
def item(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD tells where it is, PATCH goes on from there, DELETE takes it back."""
    if request.method == "PATCH":
        if request.content_type != BODY_TYPE:
            return _sentence(415, f"Send the file's bytes as {BODY_TYPE}.")
        return _place(HttpResponse(status=204), _append(request, upload_id, _number(request, "Upload-Offset")))
    if request.method == "DELETE":
        media.terminate_upload(upload_id=upload_id, owner_id=_person(request))
        return HttpResponse(status=204)
    if request.method == "HEAD":
        upload = media.get_upload(upload_id, _person(request))
        if upload.state == "expired" or (upload.state == "receiving" and upload.expires_at <= now()):
            return HttpResponse(status=410)
        response = HttpResponse(status=200)
        response["Upload-Length"] = str(upload.size_bytes)
        return _place(response, upload)
    return _not_allowed("OPTIONS, HEAD, PATCH, DELETE")


def _append(request: HttpRequest, upload_id: UUID, offset_bytes: int) -> media.Upload:
    length = _length(request)
    body = request if length is not None else request.META["wsgi.input"]  # Django reads no body of unknown length
    return media.append_to_upload(
        upload_id=upload_id,
        owner_id=_person(request),
        offset_bytes=offset_bytes,
        body=cast("BinaryIO", body),
        checksum=_checksum(request.headers.get("Upload-Checksum")),
        at=now(),
        announced_bytes=length,
    )


def _place(response: HttpResponse, upload: media.Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset_bytes)
    if upload.state == "receiving":
        response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _options() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(settings.MAX_UPLOAD_BYTES)
    response["Tus-Checksum-Algorithm"] = ",".join(media.CHECKSUMS)
    return response


def _refusal(error: FootlightsError) -> HttpResponse:
    response = _sentence(_STATUS.get(error.code, 400), str(error))
    if isinstance(error, media.OffsetConflictError):
        response["Upload-Offset"] = str(error.offset_bytes)
    return response


def _sentence(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _not_allowed(methods: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": methods})


def _person(request: HttpRequest) -> UUID:
    return cast("UUID", request.user.pk)


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not _NUMBER.fullmatch(text):
        raise InvalidInputError(f"{header} must be a whole number.")
    return int(text)


def _length(request: HttpRequest) -> int | None:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if _NUMBER.fullmatch(text) else None


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64`, as tus writes it."""
    described = {}
    for pair in header.split(",")[:20]:
        key, _space, value = pair.strip().partition(" ")
        try:
            described[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise InvalidInputError("Upload-Metadata is not as tus writes it.") from error
    return described


def _checksum(header: str | None) -> media.Checksum | None:
    """`algorithm base64`."""
    if header is None:
        return None
    algorithm, _space, value = header.partition(" ")
    try:
        return media.Checksum(algorithm, base64.b64decode(value.strip(), validate=True))
    except binascii.Error as error:
        raise InvalidInputError("Upload-Checksum is not as tus writes it.") from error

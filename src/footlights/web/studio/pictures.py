"""Keeping a picture that a form sent."""

from typing import Any, Literal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.media import api as media


def keep_picture(
    owner_id: UUID, file: "UploadedFile[Any]", *, purpose: Literal["poster", "avatar", "banner"], field: str
) -> UUID:
    """The id of the picture in media's store, where it is the channel owner's. What is wrong is said at `field`."""
    try:
        return media.store_picture(owner_id=owner_id, body=file.read(), purpose=purpose, at=now()).id
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field=field) from error

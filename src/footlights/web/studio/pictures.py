"""Keeping a picture that a form sent."""

from typing import Any, Literal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.media import api as media
from footlights.web.studio.current import person_id


def keep_picture(
    request: HttpRequest, file: "UploadedFile[Any]", *, purpose: Literal["poster", "avatar", "banner"], field: str
) -> UUID:
    """The id of the picture in media's store. What is wrong with it is said at `field`."""
    try:
        return media.store_picture(owner_id=person_id(request), body=file.read(), purpose=purpose, at=now()).id
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field=field) from error

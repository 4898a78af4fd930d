"""A title's captions, one file a language."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.media import api as media
from footlights.web.studio.current import StudioRequest, with_title
from footlights.web.studio.forms import CaptionsForm
from footlights.web.studio.views.editor import saved, take_form


@require_POST
@with_title
def captions(request: StudioRequest, title: Title) -> HttpResponse:
    form = CaptionsForm(request.POST, request.FILES)
    return take_form(request, title, "captions", form, lambda sent: _add(title, sent.cleaned_data))


@require_POST
@with_title
def remove_captions(request: StudioRequest, title: Title, captions_id: UUID) -> HttpResponse:
    if title.asset_id is not None and captions_id in {c.id for c in media.list_captions(title.asset_id)}:
        media.remove_captions(captions_id=captions_id, owner_id=title.owner_id)
    return saved(request, title, "captions")


def _add(title: Title, sent: dict[str, Any]) -> None:
    if title.asset_id is None:
        raise InvalidInputError(_("Wait until the file is uploaded; then captions can join it."), field="file")
    media.add_captions(
        asset_id=title.asset_id,
        owner_id=title.owner_id,
        language=sent["language"],
        body=sent["file"].read(),
        filename=sent["file"].name or "",
        at=now(),
    )

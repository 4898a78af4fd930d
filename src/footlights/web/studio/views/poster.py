"""A title's poster: a moment of the film, or a picture of one's own."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.forms import PosterForm
from footlights.web.studio.pictures import keep_picture
from footlights.web.studio.views.editor import show_part, take_form


@require_http_methods(["GET", "POST"])
@with_title
def poster(request: StudioRequest, title: Title) -> HttpResponse:
    if request.method == "GET":
        return show_part(request, title, "poster")
    form = PosterForm(request.POST, request.FILES)
    return take_form(request, title, "poster", form, lambda sent: _set_poster(request, title, sent.cleaned_data))


def _set_poster(request: StudioRequest, title: Title, sent: dict[str, Any]) -> None:
    chosen = sent.get("picture")
    if image := sent.get("image"):
        chosen = keep_picture(title.owner_id, image, purpose="poster", field="image")
    catalog.edit_title(title_id=title.id, editor_id=person_id(request), at=now(), poster_id=chosen)

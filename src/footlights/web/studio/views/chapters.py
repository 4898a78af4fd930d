"""A title's chapters: where its parts begin, and what they are called."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from footlights.catalog import api as catalog
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.web.studio.chapters_form import ChaptersForm
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.views.editor import take_form


@require_POST
@with_title
def chapters(request: StudioRequest, title: Title) -> HttpResponse:
    """All of them at once: what is not in the form is gone."""
    form = ChaptersForm(request.POST, length_ms=title.duration_ms)
    return take_form(request, title, "chapters", form, lambda sent: _set(request, title, sent))


def _set(request: StudioRequest, title: Title, sent: ChaptersForm) -> None:
    catalog.set_chapters(title_id=title.id, editor_id=person_id(request), chapters=sent.chapters, at=now())

"""Whether what a broadcast's room said is played with its recording."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from footlights.catalog.api import Title
from footlights.engagement.api import find_replay, show_replay
from footlights.kernel.errors import NotFoundError
from footlights.web.studio.conversation_form import ConversationForm
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.views.editor import take_form


@require_POST
@with_title
def conversation(request: StudioRequest, title: Title) -> HttpResponse:
    if find_replay(title.id) is None:
        raise NotFoundError("There is no conversation beside this title.")
    form = ConversationForm(request.POST)
    return take_form(request, title, "conversation", form, lambda sent: _show(request, title, sent))


def _show(request: StudioRequest, title: Title, form: ConversationForm) -> None:
    show_replay(title_id=title.id, by_id=person_id(request), is_shown=form.cleaned_data["is_shown"])

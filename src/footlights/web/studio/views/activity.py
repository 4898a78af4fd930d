"""What happened to the channel: by its people, by viewers, by the service. Viewers are not named."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from footlights.accounts.api import list_persons
from footlights.audit.api import list_records_of_channel
from footlights.catalog.api import list_titles
from footlights.web.activity import lines_of, title_ids_in
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.studio.current import StudioRequest, person_id, with_channel


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, list_records_of_channel(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    titles = {title_id: title.name for title_id, title in list_titles(title_ids_in(page.rows)).items()}
    people = list_persons(each.actor_id for each in page.rows if each.actor_id)
    lines = lines_of(page.rows, reader_id=person_id(request), titles=titles, people=people)
    return render(request, "studio/activity.html", {"section": "activity", "lines": lines, "page": page})

"""What one did here, and what others did that concerns one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from footlights.accounts.api import list_persons
from footlights.audit.api import list_records_of_person
from footlights.catalog.api import list_titles
from footlights.web.access import person_id_of
from footlights.web.activity import lines_of, title_ids_in
from footlights.web.paging import PER_PAGE, number_of, page_of


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    person_id = person_id_of(request)
    found = list_records_of_person(person_id, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE)
    page = page_of(request, found)
    titles = {title_id: title.name for title_id, title in list_titles(title_ids_in(page.rows)).items()}
    people = list_persons(each.actor_id for each in page.rows if each.actor_id)
    lines = lines_of(page.rows, reader_id=person_id, titles=titles, people=people)
    return render(request, "account/activity.html", {"lines": lines, "page": page})

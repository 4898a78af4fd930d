"""People: find somebody; their channels, what they bought, and why they may or may not watch it."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from footlights.accounts.api import HOUSE_ROLES, find_person, search_persons
from footlights.audit.api import Act, record
from footlights.catalog.api import list_channels_of, list_titles
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import list_entitlements, list_purchases, may_watch
from footlights.playback.api import count_history
from footlights.web.paging import PER_PAGE, asked_in, number_of, page_of

EXPLAINED = 20  # each explanation costs two queries


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    text = asked_in(request)
    rows = search_persons(text, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE)
    return render(
        request, "backoffice/people.html", {"section": "people", "page": page_of(request, rows), "text": text}
    )


@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    someone = find_person(person_id)
    if someone is None:
        raise NotFoundError("There is no such person.")
    with transaction.atomic():
        record(act=Act.PERSON_LOOKED_AT, object_kind="person", object_id=person_id, person_ids=[person_id])
    at, purchases = now(), list_purchases(person_id)
    granted = [entitlement.title_id for entitlement in list_entitlements(person_id)]
    about = list(dict.fromkeys([*granted, *(purchase.title_id for purchase in purchases)]))[:EXPLAINED]
    titles = list_titles([*about, *(purchase.title_id for purchase in purchases)])
    context = {
        "section": "people",
        "person": someone,
        "roles_held": [role for role in HOUSE_ROLES if role in someone.roles],
        "roles_free": [role for role in HOUSE_ROLES if role not in someone.roles],
        "is_oneself": person_id == request.user.pk,
        "channels": list_channels_of(person_id),
        "decisions": [
            {"title_id": title_id, "title": titles.get(title_id), "decision": may_watch(person_id, title_id, at)}
            for title_id in about
        ],
        "purchases": [{"purchase": purchase, "title": titles.get(purchase.title_id)} for purchase in purchases],
        "watched": count_history(person_id),
    }
    return render(request, "backoffice/person.html", context)

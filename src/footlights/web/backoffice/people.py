"""People: find somebody; their channels, what they bought, and why they may or may not watch it.

Names and addresses are masked; the person's own page shows them for a while to who says why (unmasking.py).
"""

from math import ceil
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from footlights.accounts.api import HOUSE_ROLES, find_person, search_persons, unmask_person
from footlights.audit.api import Act, record
from footlights.catalog.api import list_channels_of, list_titles
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization.api import list_entitlements, list_purchases, may_watch
from footlights.playback.api import count_history
from footlights.web.access import person_id_of
from footlights.web.backoffice.unmasking import ReasonForm, show_for_a_while, shown_for_s
from footlights.web.paging import PER_PAGE, asked_in, number_of, page_of
from footlights.web.sold import thing_of, things_of

EXPLAINED = 20  # each explanation costs two queries


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    text = asked_in(request)
    rows = search_persons(text, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE)
    return render(
        request, "backoffice/people.html", {"section": "people", "page": page_of(request, rows), "text": text}
    )


@never_cache
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return _page(request, person_id, ReasonForm())


@require_POST
def unmask(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show name and address on the person's page for a while, to who says why."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            unmask_person(person_id=person_id, by_id=person_id_of(request), **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(error.field, str(error))
        else:
            show_for_a_while(request, person_id)
            return redirect("backoffice:person", person_id)
    return _page(request, person_id, form)


def _page(request: HttpRequest, person_id: UUID, form: ReasonForm) -> HttpResponse:
    someone = find_person(person_id)
    if someone is None:
        raise NotFoundError("There is no such person.")
    with transaction.atomic():
        record(act=Act.PERSON_LOOKED_AT, object_kind="person", object_id=person_id, person_ids=[person_id])
    is_oneself, for_s = person_id == request.user.pk, shown_for_s(request, person_id)
    at, purchases = now(), list_purchases(person_id)
    granted = [entitlement.title_id for entitlement in list_entitlements(person_id)]
    about = list(dict.fromkeys([*granted, *(each.title_id for each in purchases if each.title_id)]))[:EXPLAINED]
    titles, things = list_titles(about), things_of(purchases)
    context = {
        "section": "people",
        "person": someone.masked,
        "clear": someone if is_oneself or for_s else None,
        "for_s": for_s,
        "minutes": ceil(for_s / 60),
        "reason_form": form,
        "roles_held": [role for role in HOUSE_ROLES if role in someone.roles],
        "roles_free": [role for role in HOUSE_ROLES if role not in someone.roles],
        "is_oneself": is_oneself,
        "channels": list_channels_of(person_id),
        "decisions": [
            {"title_id": title_id, "title": titles.get(title_id), "decision": may_watch(person_id, title_id, at)}
            for title_id in about
        ],
        "purchases": [{"purchase": purchase, "title": thing_of(purchase, things)} for purchase in purchases],
        "watched": count_history(person_id),
    }
    return render(request, "backoffice/person.html", context, status=422 if form.errors else 200)

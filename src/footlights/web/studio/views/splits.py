"""Who shares in what a title earns: what holds, what waits for signatures, what was; proposing, withdrawing."""

from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import find_person, list_persons
from footlights.catalog.api import Title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.splits.api import (
    Agreement,
    Asked,
    State,
    SubjectKind,
    list_agreements,
    propose_split,
    shares_of,
    withdraw_split,
)
from footlights.web import letters
from footlights.web.shares import shown
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.splits_form import Row, begin_of, numbered, parties_in, rows_of


@never_cache
@require_safe
@with_title
def show(request: StudioRequest, title: Title) -> HttpResponse:
    return _page(request, title, numbered([("", "")] * 3))


@require_POST
@with_title
def propose(request: StudioRequest, title: Title) -> HttpResponse:
    rows = rows_of(request.POST)
    try:
        _propose(request, title, rows)
    except InvalidInputError as error:
        return _page(request, title, rows, problem=str(error))
    messages.success(request, _("Proposed. It begins once everybody has signed."))
    return redirect("studio:title_split", title.id)


@require_POST
@with_title
def withdraw(request: StudioRequest, title: Title, agreement_id: UUID) -> HttpResponse:
    withdraw_split(agreement_id=agreement_id, by_id=person_id(request), at=now())
    messages.success(request, _("Withdrawn. What held before goes on."))
    return redirect("studio:title_split", title.id)


def _propose(request: StudioRequest, title: Title, rows: list[Row]) -> None:
    at = now()
    parties, begins = parties_in(rows), begin_of(request.POST, at)
    if not ratelimit.consume(request, action="invite", user=request.user):
        raise InvalidInputError(_("That were many invitations for one day. Go on tomorrow."))
    with transaction.atomic():
        agreement, asked = propose_split(
            subject_kind=SubjectKind.TITLE,
            subject_id=title.id,
            parties=parties,
            by_id=person_id(request),
            at=at,
            from_at=begins,
        )
        for each in asked:
            _send(request, title, agreement, each)


def _send(request: StudioRequest, title: Title, agreement: Agreement, asked: Asked) -> None:
    person = find_person(asked.person_id) if asked.person_id else None
    if person:
        path = reverse("account:share", args=[agreement.id])
    else:
        path = reverse("account:share_link", args=[asked.token])
    link = f"{settings.SITE_URL}{path}"
    address = person.email if person else asked.address
    letters.send(address, "studio/email/split", link=link, title=title.name, channel=title.channel_name)
    if not settings.ENVIRONMENT.mail_url:  # nobody brings mails here, so it is passed on by hand
        words = _("No mails go out from here yet. Send this link to %(address)s yourself: %(link)s")
        messages.info(request, words % {"address": address, "link": link}, extra_tags="stays")


def _page(request: StudioRequest, title: Title, rows: list[Row], *, problem: str = "") -> HttpResponse:
    agreements = list_agreements(SubjectKind.TITLE, title.id)
    people = list_persons({party.person_id for each in agreements for party in each.parties if party.person_id})
    lines = [shown(each, people) for each in agreements]
    context = {
        "section": "titles",
        "title": title,
        "is_shared": bool(shares_of(SubjectKind.TITLE, title.id, now())),
        "open": next((line for line in lines if line.agreement.state is State.PROPOSED), None),
        "past": [line for line in lines if line.agreement.state is not State.PROPOSED],
        "rows": rows,
        "from_day": request.POST.get("from_day", ""),
        "problem": problem,
    }
    return render(request, "studio/splits.html", context, status=UNPROCESSABLE if problem else 200)

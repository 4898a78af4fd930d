"""Who shares in what a title, a collection or a membership earns: what holds, what waits, what was; proposing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
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
from footlights.catalog.api import Title, list_memberships
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.splits.api import (
    Agreement,
    Asked,
    State,
    SubjectKind,
    find_subject,
    list_agreements,
    propose_split,
    shares_of,
    withdraw_split,
)
from footlights.web import letters
from footlights.web.access import let_in
from footlights.web.shares import shown
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_title
from footlights.web.studio.splits_form import Row, begin_of, numbered, parties_in, rows_of

TITLE = SubjectKind.TITLE
SECTIONS = {SubjectKind.PLAN: "members", SubjectKind.EVENT: "live"}


@dataclass(frozen=True, slots=True)
class Shared:
    """What is shared, and where its page is."""

    kind: SubjectKind
    id: UUID
    name: str
    channel_name: str
    back: str

    def address(self, verb: str = "", *more: UUID) -> str:
        """Of the page, or of something done there."""
        name = f"studio:title_split{verb}" if self.kind is TITLE else f"studio:split{verb}"
        return reverse(name, args=[self.id, *more] if self.kind is TITLE else [self.kind.value, self.id, *more])


def _of_title(title: Title) -> Shared:
    return Shared(TITLE, title.id, title.name, title.channel_name, reverse("studio:title", args=[title.id]))


def with_subject(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view a collection or a membership instead of its kind and id. To others than its team there is none."""

    @wraps(view)
    def wrapped(request: StudioRequest, kind: str, subject_id: UUID, **others: Any) -> HttpResponse:
        subject_kind = next((each for each in SubjectKind if each == kind and each is not TITLE), None)
        subject = find_subject(subject_kind, subject_id) if subject_kind else None
        held = [] if subject is None else list_memberships(person_id(request))
        mine = next((each for each in held if subject and each.channel.id == subject.channel_id), None)
        if subject_kind is None or subject is None or mine is None:
            raise NotFoundError("There is nothing here to share.")
        let_in(request, mine.role)
        pages = {SubjectKind.COLLECTION: "studio:collection", SubjectKind.EVENT: "studio:broadcast"}
        back = reverse(pages[subject_kind], args=[subject_id]) if subject_kind in pages else reverse("studio:members")
        return view(request, Shared(subject_kind, subject_id, subject.name, mine.channel.name, back), **others)

    return wrapped


@never_cache
@require_safe
@with_title
def show(request: StudioRequest, title: Title) -> HttpResponse:
    return _page(request, _of_title(title), numbered([("", "")] * 3))


@never_cache
@require_safe
@with_subject
def show_other(request: StudioRequest, shared: Shared) -> HttpResponse:
    return _page(request, shared, numbered([("", "")] * 3))


@require_POST
@with_title
def propose(request: StudioRequest, title: Title) -> HttpResponse:
    return _proposed(request, _of_title(title))


@require_POST
@with_subject
def propose_other(request: StudioRequest, shared: Shared) -> HttpResponse:
    return _proposed(request, shared)


@require_POST
@with_title
def withdraw(request: StudioRequest, title: Title, agreement_id: UUID) -> HttpResponse:
    return _withdrawn(request, _of_title(title), agreement_id)


@require_POST
@with_subject
def withdraw_other(request: StudioRequest, shared: Shared, agreement_id: UUID) -> HttpResponse:
    return _withdrawn(request, shared, agreement_id)


def _proposed(request: StudioRequest, shared: Shared) -> HttpResponse:
    rows = rows_of(request.POST)
    try:
        _propose(request, shared, rows)
    except InvalidInputError as error:
        return _page(request, shared, rows, problem=str(error))
    messages.success(request, _("Proposed. It begins once everybody has signed."))
    return redirect(shared.address())


def _withdrawn(request: StudioRequest, shared: Shared, agreement_id: UUID) -> HttpResponse:
    withdraw_split(agreement_id=agreement_id, by_id=person_id(request), at=now())
    messages.success(request, _("Withdrawn. What held before goes on."))
    return redirect(shared.address())


def _propose(request: StudioRequest, shared: Shared, rows: list[Row]) -> None:
    at = now()
    parties, begins = parties_in(rows), begin_of(request.POST, at)
    if not ratelimit.consume(request, action="invite", user=request.user):
        raise InvalidInputError(_("That were many invitations for one day. Go on tomorrow."))
    with transaction.atomic():
        agreement, asked = propose_split(
            subject_kind=shared.kind,
            subject_id=shared.id,
            parties=parties,
            by_id=person_id(request),
            at=at,
            from_at=begins,
        )
        for each in asked:
            _send(request, shared, agreement, each)


def _send(request: StudioRequest, shared: Shared, agreement: Agreement, asked: Asked) -> None:
    person = find_person(asked.person_id) if asked.person_id else None
    if person:
        path = reverse("account:share", args=[agreement.id])
    else:
        path = reverse("account:share_link", args=[asked.token])
    link = f"{settings.SITE_URL}{path}"
    address = person.email if person else asked.address
    letters.send(address, "studio/email/split", link=link, title=shared.name, channel=shared.channel_name)
    if not settings.MAILS_ARRIVE:  # nobody brings mails here, so it is passed on by hand
        words = _("No mails go out from here yet. Send this link to %(address)s yourself: %(link)s")
        messages.info(request, words % {"address": address, "link": link}, extra_tags="stays")


def _page(request: StudioRequest, shared: Shared, rows: list[Row], *, problem: str = "") -> HttpResponse:
    agreements = list_agreements(shared.kind, shared.id)
    people = list_persons({party.person_id for each in agreements for party in each.parties if party.person_id})
    lines = [shown(each, people) for each in agreements]
    waiting = next((line for line in lines if line.agreement.state is State.PROPOSED), None)
    context = {
        "section": SECTIONS.get(shared.kind, "titles"),
        "shared": shared,
        "propose": shared.address("_proposed"),
        "is_shared": bool(shares_of(shared.kind, shared.id, now())),
        "open": waiting,
        "withdraw": shared.address("_withdrawn", waiting.agreement.id) if waiting else "",
        "past": [line for line in lines if line.agreement.state is not State.PROPOSED],
        "rows": rows,
        "from_day": request.POST.get("from_day", ""),
        "problem": problem,
    }
    return render(request, "studio/splits.html", context, status=UNPROCESSABLE if problem else 200)

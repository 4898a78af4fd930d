"""A collaborator's shares: what they agreed to, what waits for their word, and what came in, by month and title."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts.api import list_persons, masked_address
from footlights.catalog.api import list_channels
from footlights.kernel.clock import now
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.ledger.api import list_months_by_subject
from footlights.splits.api import (
    Agreement,
    State,
    SubjectKind,
    address_asked,
    decline_split,
    find_asked,
    find_subject,
    get_agreement,
    list_agreements_of_person,
    person_account,
    sign_split,
    take_up,
)
from footlights.web.access import ask_to_sign_in, person_id_of
from footlights.web.paging import number_of, page_of
from footlights.web.shares import percent, shown, state_words


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    person_id = person_id_of(request)
    page = page_of(request, list_agreements_of_person(person_id, number_of(request)))
    context = {"page": page, "lines": [_line(each, person_id) for each in page.rows], "months": _months(person_id)}
    return render(request, "account/shares.html", context)


@never_cache
@require_safe
def share(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    person_id = person_id_of(request)
    agreement = get_agreement(agreement_id, person_id)
    people = list_persons({party.person_id for party in agreement.parties if party.person_id})
    mine = agreement.party(person_id)
    context = {
        "line": shown(agreement, people),
        "subject": _name_of(agreement),
        "channel": list_channels([agreement.channel_id]).get(agreement.channel_id),
        "mine": percent(mine.bps) if mine else "",
        "may_answer": mine is not None and mine.signed_at is None and agreement.state is State.PROPOSED,
    }
    return render(request, "account/share.html", context)


@require_POST
def sign(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    sign_split(agreement_id=agreement_id, person_id=person_id_of(request), at=now())
    messages.success(request, _("Signed."))
    return redirect("account:share", agreement_id)


@require_POST
def decline(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    decline_split(agreement_id=agreement_id, person_id=person_id_of(request), at=now())
    messages.success(request, _("Declined. The proposal is over."))
    return redirect("account:shares")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of somebody who had no account. Looking at it does nothing: programs that check mails do, too."""
    agreement = find_asked(token)
    if agreement is None:
        raise NotFoundError("There is no such link.")
    if request.method == "POST":
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        try:
            take_up(token=token, person_id=person_id_of(request))
        except NotAllowedError as error:
            messages.error(request, str(error))
            return redirect("account:share_link", token)
        return redirect("account:share", agreement.id)
    context = {
        "subject": _name_of(agreement),
        "channel": list_channels([agreement.channel_id]).get(agreement.channel_id),
        "hint": masked_address(address_asked(token)),
    }
    return render(request, "account/share_link.html", context)


def _line(agreement: Agreement, person_id: UUID) -> dict[str, Any]:
    mine = agreement.party(person_id)
    return {
        "agreement": agreement,
        "subject": _name_of(agreement),
        "state": state_words(agreement.state),
        "mine": percent(mine.bps) if mine else "",
        "waits": mine is not None and mine.signed_at is None and agreement.state is State.PROPOSED,
    }


def _name_of(agreement: Agreement) -> str:
    subject = find_subject(SubjectKind(agreement.subject_kind), agreement.subject_id)
    return subject.name if subject else _("Something that is gone")


def _months(person_id: UUID) -> list[dict[str, Any]]:
    """The newest month first, in each what was sold; credits are what that earned, so the sign is turned."""
    rows = list_months_by_subject(person_account(person_id))
    names = {about: _name_about(about) for about in {row.about for row in rows}}
    months: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        months.setdefault(row.month, []).append({"name": names[row.about], "amount": -row.amount})
    return [{"month": month, "lines": lines} for month, lines in months.items()]


def _name_about(about: str) -> str:
    """The name of what a journal is about; payouts are about nothing that was sold."""
    kind, _colon, subject_id = about.partition(":")
    if kind not in set(SubjectKind):
        return _("Other")
    subject = find_subject(SubjectKind(kind), UUID(subject_id))
    return subject.name if subject else _("Something that is gone")

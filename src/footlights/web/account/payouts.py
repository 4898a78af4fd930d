"""Payouts of what a person earns by shares in others' work: alike the studio's, for their own account."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts.api import get_installation
from footlights.kernel.clock import now
from footlights.payouts import api as payouts
from footlights.web.access import person_id_of
from footlights.web.payouts.details import details
from footlights.web.payouts.details_kept import copy_of_details, erase
from footlights.web.payouts.figures import figures
from footlights.web.payouts.forms import ask_for_payout, begin_destination, came_back, currency_of
from footlights.web.payouts.forms import convert as convert_form
from footlights.web.payouts.panel import context_for
from footlights.web.payouts.statement import statement
from footlights.web.payouts.statement_pdf import statement_pdf


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    if back := came_back(request, _account(request), back=reverse("account:payouts")):
        return back
    ways = {
        "ask": reverse("account:payouts_asked"),
        "convert": reverse("account:payouts_converted"),
        "destination": reverse("account:payout_destination"),
        "statement": reverse("account:payout_statement"),
        "details": reverse("account:tax_details"),
    }
    person, currency = person_id_of(request), get_installation().currency
    since: datetime = request.user.joined_at  # type: ignore[union-attr]  # only people come here
    context = context_for(_account(request), person_id=person, since=since, at=now(), currency=currency, ways=ways)
    return render(request, "account/payouts.html", context | {"may_pay_out": True})


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    return ask_for_payout(request, _account(request), back=reverse("account:payouts"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest) -> HttpResponse:
    return convert_form(request, _account(request), back=reverse("account:payouts"), frame="design/base.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tax_details(request: HttpRequest) -> HttpResponse:
    return details(
        request, back=reverse("account:payouts"), frame="payouts/account_frame.html", wrap="wrap wrap-middle"
    )


@never_cache
@require_safe
def copy_tax_details(request: HttpRequest) -> HttpResponse:
    return copy_of_details(request)


@never_cache
@require_safe
def tax_figures(request: HttpRequest) -> HttpResponse:
    return figures(
        request, back=reverse("account:payouts"), frame="payouts/account_frame.html", wrap="wrap wrap-middle"
    )


@require_POST
def erase_tax_details(request: HttpRequest) -> HttpResponse:
    return erase(request, back=reverse("account:payouts"))


@require_POST
def destination(request: HttpRequest) -> HttpResponse:
    return begin_destination(request, _account(request), back=reverse("account:payouts"))


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The whole of it as CSV; one month as PDF."""
    account, currency = _account(request), currency_of(request)
    if month := request.GET.get("month", ""):
        return statement_pdf(account, currency=currency, month=month, payee=_("Your shares"), at=now())
    return statement(account, currency=currency)


def _account(request: HttpRequest) -> str:
    return payouts.person_account(person_id_of(request))

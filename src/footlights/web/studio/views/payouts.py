"""The channel's payouts: what may go, where to, what went; asking for it; its statement."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts.api import Permission, get_installation
from footlights.kernel.clock import now
from footlights.payouts import api as payouts
from footlights.web.payouts.details import details
from footlights.web.payouts.forms import ask_for_payout, begin_destination, came_back, currency_of
from footlights.web.payouts.forms import convert as convert_form
from footlights.web.payouts.panel import context_for
from footlights.web.payouts.statement import statement
from footlights.web.payouts.statement_pdf import statement_pdf
from footlights.web.studio.current import StudioRequest, person_id, with_channel


@never_cache
@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    if back := came_back(request, _account(request), back=reverse("studio:payouts")):
        return back
    ways = {
        "ask": reverse("studio:payouts_asked"),
        "convert": reverse("studio:payouts_converted"),
        "destination": reverse("studio:payout_destination"),
        "statement": reverse("studio:payout_statement"),
        "details": reverse("studio:tax_details"),
    }
    person, currency = person_id(request), get_installation().currency
    context = context_for(
        _account(request), person_id=person, since=request.channel.created_at, at=now(), currency=currency, ways=ways
    )
    may_pay_out = Permission.PAY_OUT in request.may
    return render(request, "studio/payouts.html", context | {"section": "money", "may_pay_out": may_pay_out})


@require_POST
@with_channel
def ask(request: StudioRequest) -> HttpResponse:
    return ask_for_payout(request, _account(request), back=reverse("studio:payouts"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def convert(request: StudioRequest) -> HttpResponse:
    return convert_form(request, _account(request), back=reverse("studio:payouts"), frame="studio/base.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def tax_details(request: StudioRequest) -> HttpResponse:
    """The owner's own: nobody else of the team comes here."""
    return details(request, back=reverse("studio:payouts"), frame="studio/base.html")


@require_POST
@with_channel
def destination(request: StudioRequest) -> HttpResponse:
    return begin_destination(request, _account(request), back=reverse("studio:payouts"))


@require_safe
@with_channel
def download(request: StudioRequest) -> HttpResponseBase:
    """The whole of it as CSV; one month as PDF."""
    account, currency = _account(request), currency_of(request)
    if month := request.GET.get("month", ""):
        return statement_pdf(account, currency=currency, month=month, payee=request.channel.name, at=now())
    return statement(account, currency=currency)


def _account(request: StudioRequest) -> str:
    return payouts.creator_account(request.channel.id)

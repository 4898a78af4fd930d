"""How the house is doing: what needs a person, money today, the works; and what the service is called."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from footlights.accounts.api import Permission, change_installation, get_installation
from footlights.kernel import job_board
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.job_board import JobHealth
from footlights.media.api import count_assets_by_state
from footlights.payments.api import PaymentState, count_payments_by_state, count_unanswered, payment_totals
from footlights.payouts.api import count_waiting
from footlights.web.access import BackofficeRequest, person_id_of
from footlights.web.welcome.forms import ServiceForm

LATE_AFTER_S = 60
_WORKS, _MONEY, _FILES = Permission.RUN_JOBS, Permission.SEE_PAYMENTS, Permission.SEE_ALL_TITLES
_ANSWERS, _PAYOUTS = Permission.REFUND_PAYMENTS, Permission.APPROVE_PAYOUTS


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What each role may see of it; without figures and works there is nothing to attend to."""
    at, may = now(), cast("BackofficeRequest", request).may
    health = job_board.job_health(at)
    whole = _("Nothing. Payments are settled, files went through, jobs run.")
    context = {
        "section": "home",
        "health": health,
        "late": _("the first since %(seconds)d s") % {"seconds": health.late_s} if health.waiting else "",
        "attention": [each for each in _attention(health) if each["needs"] in may],
        "all_is_well": whole if {Permission.RUN_JOBS, Permission.SEE_PAYMENTS} <= may else _("Nothing."),
        "today": _money_of_today(at) if Permission.SEE_FIGURES in may else [],
    }
    return render(request, "backoffice/home.html", context)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """What the service is called; and, for those who may change it, its currency."""
    installation = get_installation()
    initial = {"service_name": installation.name, "currency": installation.currency}
    form = ServiceForm(request.POST or None, initial=initial)
    if Permission.CHANGE_SETTINGS not in cast("BackofficeRequest", request).may:
        del form.fields["currency"]
    if form.is_valid():
        try:
            change_installation(**(initial | form.cleaned_data), by_id=person_id_of(request))
        except InvalidInputError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved. Every page shows it within a minute."))
            return redirect("backoffice:settings")
    context = {"section": "settings", "form": form}
    return render(request, "backoffice/settings.html", context, status=422 if form.errors else 200)


def _attention(health: JobHealth) -> list[dict[str, Any]]:
    """What does not mend itself, worst first, each with the way to it and what it takes to go there."""
    payments, lost = count_payments_by_state(), count_assets_by_state().get("failed", 0)
    flagged, unknown = payments.get(PaymentState.FLAGGED, 0), payments.get(PaymentState.UNKNOWN, 0)
    is_late, asked, waiting = int(health.late_s > LATE_AFTER_S), count_unanswered(now()), count_waiting()
    return [
        {"kind": kind, "words": words % {"n": count}, "action_label": _("Look"), "action_href": address, "needs": needs}
        for count, kind, words, address, needs in (
            (int(not health.workers), "wrong", _("No worker is running: uploads and payments wait."),
             _to("jobs"), _WORKS),
            (flagged, "wrong", ngettext("%(n)d payment brought another amount than was asked.",
                                        "%(n)d payments brought other amounts than were asked.", flagged),
             _to("payments", PaymentState.FLAGGED), _MONEY),
            (asked, "wrong", ngettext("%(n)d bank took a payment back and waits for your answer.",
                                      "%(n)d banks took payments back and wait for your answers.", asked),
             _to("disputes", "open"), _ANSWERS),
            (waiting, "", ngettext("%(n)d payout waits for a second person.",
                                   "%(n)d payouts wait for a second person.", waiting),
             _to("payouts", "waiting"), _PAYOUTS),
            (unknown, "", ngettext("%(n)d payment is unknown; its gateway is asked again.",
                                   "%(n)d payments are unknown; their gateway is asked again.", unknown),
             _to("payments", PaymentState.UNKNOWN), _MONEY),
            (health.stuck, "wrong", ngettext("%(n)d job is stuck.", "%(n)d jobs are stuck.", health.stuck),
             _to("jobs", "stuck"), _WORKS),
            (health.failed, "wrong", ngettext("%(n)d job failed for good.",
                                              "%(n)d jobs failed for good.", health.failed),
             _to("jobs", "failed"), _WORKS),
            (lost, "", ngettext("%(n)d file did not get through the works.",
                                "%(n)d files did not get through the works.", lost), _to("titles"), _FILES),
            (is_late, "", _("Jobs have been waiting for more than a minute."), _to("jobs", "waiting"), _WORKS),
        )
        if count
    ]  # fmt: skip


def _to(name: str, state: str = "") -> str:
    return reverse(f"backoffice:{name}") + (f"?state={state}" if state else "")


def _money_of_today(at: datetime) -> list[dict[str, str]]:
    """What came in since midnight UTC in each currency, and what went back."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    language = get_language() or "en"
    totals = payment_totals(midnight, midnight + timedelta(days=1))
    return [
        {
            "label": _("Came in, %(currency)s") % {"currency": total.captured.currency},
            "figure": total.captured.format(language),
            "note": _("%(amount)s went back") % {"amount": total.refunded.format(language)} if total.refunded else "",
        }
        for total in totals
    ] or [{"label": _("Came in"), "figure": "0", "note": _("Nobody paid yet since midnight UTC.")}]

"""Alerts: what is unusual, with its evidence; take it on, silence it; where alerts are sent; what to do about each."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footlights.accounts.api import Person, list_masked_persons
from footlights.alerts.api import (
    BANNER_MAX,
    RUNBOOK,
    Alert,
    AlertState,
    Kind,
    acknowledge_alert,
    add_destination,
    end_silence,
    get_alert,
    is_anybody_looking,
    list_alerts,
    list_alerts_for_banner,
    list_deliveries,
    list_destinations,
    list_failed_deliveries,
    list_silences,
    remove_destination,
    silence_alerts,
    try_destination,
)
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.web.access import person_id_of
from footlights.web.paging import PER_PAGE, number_of, page_of

FAILED_SHOWN_FOR = timedelta(days=7)
FACTS = {
    "account": gettext_lazy("Account"),
    "by": gettext_lazy("By"),
    "from": gettext_lazy("Network"),
    "country": gettext_lazy("Country"),
    "engine": gettext_lazy("Part"),
    "problem": gettext_lazy("Problem"),
}


class SilenceForm(forms.Form):
    subject = forms.CharField(max_length=100, required=False)
    hours = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        coerce=int,
        choices=[
            (1, gettext_lazy("An hour")),
            (8, gettext_lazy("Eight hours")),
            (24, gettext_lazy("A day")),
            (168, gettext_lazy("A week")),
        ],
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)


class DestinationForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            ("webhook", gettext_lazy("A program (signed webhook)")),
            ("slack", gettext_lazy("Slack, Mattermost, Rocket.Chat")),
            ("discord", gettext_lazy("Discord")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("What you call it"), max_length=60)
    url = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=1000,
        help_text=gettext_lazy("Begins with https://. It is kept sealed and not shown again."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    person: Person | None


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    at, state = now(), request.GET.get("state", "")
    rows = list_alerts(state=state, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE)
    context = {
        "section": "alerts",
        "page": page_of(request, rows),
        "state": state,
        "states": [
            (AlertState.OPEN, _("Open")),
            (AlertState.ACKNOWLEDGED, _("Taken on")),
            (AlertState.OVER, _("Over")),
        ],
        "silences": list_silences(at=at),
        "failed": list_failed_deliveries(since=at - FAILED_SHOWN_FOR),
        "is_blind": not is_anybody_looking(at=at),
    }
    return render(request, "backoffice/alerts.html", context)


@require_GET
def banner(request: HttpRequest) -> HttpResponse:
    """What nobody looks after yet, asked for by every open page of the backoffice; nothing new is an empty answer."""
    at = now()
    found, is_blind = list_alerts_for_banner(), not is_anybody_looking(at=at)
    shown = sha256("".join([*(f"{each.id}{each.words}" for each in found), str(is_blind)]).encode()).hexdigest()[:12]
    if request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    context = {"alerts": found[:BANNER_MAX], "has_more": len(found) > BANNER_MAX, "is_blind": is_blind, "shown": shown}
    return render(request, "backoffice/alerts_banner.html", context)


@require_GET
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    found = get_alert(alert_id)
    kind = Kind.of(found.kind)
    by = list_masked_persons([found.acknowledged_by] if found.acknowledged_by else [])
    context = {
        "section": "alerts",
        "alert": found,
        "facts": _facts(found),
        "entry": RUNBOOK[kind],
        "deliveries": list_deliveries(alert_id),
        "acknowledged_by": next(iter(by.values()), None),
        "silence_form": SilenceForm(),
        "silences": [each for each in list_silences(at=now()) if each.kind == found.kind],
    }
    return render(request, "backoffice/alert.html", context)


@require_GET
def runbook(request: HttpRequest) -> HttpResponse:
    return render(request, "backoffice/alerts_runbook.html", {"section": "alerts", "entries": list(RUNBOOK.items())})


@require_POST
def acknowledge(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    acknowledge_alert(alert_id=alert_id, by_id=person_id_of(request), at=now())
    messages.success(request, _("You look after it. It leaves the banner."))
    return redirect("backoffice:alert", alert_id)


@require_POST
def silence(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    found, form = get_alert(alert_id), SilenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say for how long."))
        return redirect("backoffice:alert", alert_id)
    asked = form.cleaned_data
    silence_alerts(
        kind=found.kind,
        subject=found.subject if asked["subject"] else "",
        lasts=timedelta(hours=asked["hours"]),
        reason=asked["reason"],
        by_id=person_id_of(request),
        at=now(),
    )
    messages.success(request, _("Silenced. Such alerts are listed here, but nobody is told."))
    return redirect("backoffice:alert", alert_id)


@require_POST
def hear_again(request: HttpRequest, silence_id: UUID) -> HttpResponse:
    end_silence(silence_id=silence_id, by_id=person_id_of(request), at=now())
    messages.success(request, _("Such alerts are told again."))
    return redirect("backoffice:alerts")


@require_http_methods(["GET", "POST"])
def destinations(request: HttpRequest) -> HttpResponse:
    """Add one by POST; the key that signs a webhook is shown in the answer, and never again."""
    form, key = DestinationForm(request.POST or None), ""
    if form.is_valid():
        try:
            _made, key = add_destination(**form.cleaned_data, by_id=person_id_of(request), at=now())
        except InvalidInputError as error:
            form.add_error(error.field, str(error))
        else:
            if not key:
                messages.success(request, _("Added. Send it a test."))
                return redirect("backoffice:alert_destinations")
            form = DestinationForm()
    context = {"section": "alerts", "destinations": list_destinations(), "form": form, "new_key": key}
    answer = render(request, "backoffice/alert_destinations.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def try_out(request: HttpRequest, destination_id: UUID) -> HttpResponse:
    if problem := try_destination(destination_id=destination_id, at=now()):
        messages.error(request, _("The test did not arrive. %(problem)s") % {"problem": problem})
    else:
        messages.success(request, _("The test was taken."))
    return redirect("backoffice:alert_destinations")


@require_POST
def remove(request: HttpRequest, destination_id: UUID) -> HttpResponse:
    remove_destination(destination_id=destination_id, by_id=person_id_of(request))
    messages.success(request, _("Removed. Nothing is sent there any more."))
    return redirect("backoffice:alert_destinations")


def _facts(found: Alert) -> list[Fact]:
    """Evidence as people read it; an account is named where it is somebody's."""
    ids = {name: person_id for name in ("account", "by") if (person_id := _as_uuid(str(found.facts.get(name, ""))))}
    people = list_masked_persons(ids.values())
    return [
        Fact(str(FACTS.get(name, name)), str(value), people.get(ids[name]) if name in ids else None)
        for name, value in found.facts.items()
    ]


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The styleguide page. Its records are made here, for looking at; nothing else in the product uses them."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.web.design.icons import ICONS


@dataclass(frozen=True)
class _Card:
    name: str
    channel_name: str = "Blue Door"
    path: str = "/@bluedoor/film"
    poster: None = None
    duration_ms: int = 6_130_000
    id: UUID = field(default_factory=uuid4)


class _Form(forms.Form):
    name = forms.CharField(label=_("Title"), help_text=_("As it stands on the poster."))
    description = forms.CharField(label=_("Description"), widget=forms.Textarea, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("pt", "Português")])
    kind = forms.ChoiceField(
        label=_("How people get it"),
        widget=forms.RadioSelect,
        choices=[("free", _("Free")), ("rent", _("Rent")), ("buy", _("Buy"))],
        initial="rent",
    )
    price = forms.CharField(label=_("Price"), initial="4.00", help_text=_("Tax included."))
    at = forms.DateTimeField(
        label=_("Goes live"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"), required=False
    )
    listed = forms.BooleanField(
        label=_("Show it on the storefront"), required=False, initial=True, help_text=_("Off: only by its address.")
    )
    poster = forms.FileField(label=_("Poster"), required=False)


def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    if "toast" in request.GET:
        messages.success(request, _("“The Long Way Home” is published."))
        messages.error(request, _("Your card was declined; nothing was charged."))
    today = now().date()
    pairs = [(today - timedelta(days=29 - day), Money((day * 7919) % 4200, "EUR")) for day in range(30)]
    wrong = _Form({"price": "a lot", "kind": "gone"}, auto_id="wrong_%s", prefix="wrong")
    return render(
        request,
        "design/styleguide.html",
        {
            "form": _Form(initial={"at": now()}),
            "wrong": wrong,
            "cards": [
                _Card(name)
                for name in (
                    "The Long Way Home",
                    "Salt",
                    "What the River Said",
                    "Night Bus",
                    "Interval",
                    "Ada & the Sea",
                    "Marzipan",
                )
            ],
            "pairs": pairs,
            "values": [amount.amount_minor for _day, amount in pairs],
            "price": Money(400, "EUR"),
            "was": Money(900, "EUR"),
            "icons": sorted(ICONS),
            "at": now(),
            "stages": [
                {"label": _("Uploaded"), "state": "done", "percent": 100, "words": ""},
                {"label": _("Checked"), "state": "done", "percent": 100, "words": ""},
                {"label": _("Making it play"), "state": "running", "percent": 42, "words": _("about 2 min left")},
                {"label": _("Full quality"), "state": "waiting", "percent": 0, "words": ""},
                {"label": _("Finishing"), "state": "failed", "percent": 0, "words": _("no room on the disk")},
            ],
        },
    )

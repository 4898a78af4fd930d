"""What a reader pays in: as in their country, or a currency they choose. Kept in a cookie of theirs alone."""

from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.accounts.api import get_installation
from footlights.prices.api import currencies_sold_in
from footlights.web.whereabouts import CURRENCY_COOKIE, currency_chosen

LASTS_S = 365 * 24 * 60 * 60


def choices() -> list[tuple[str, str]]:
    """As in one's country first, then every currency by its name, the service's own among them."""
    language = (get_language() or "en").replace("-", "_")
    codes = {get_installation().currency, *currencies_sold_in()}
    named = sorted((str(get_currency_name(code, locale=language)), code) for code in codes)
    return [("", now_("As in my country")), *((code, f"{name} ({code})") for name, code in named)]


class CurrencyForm(forms.Form):
    currency = forms.ChoiceField(label=_("Pay in"), required=False, choices=choices)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The currencies there are; a POST keeps the choice and leads back to the page one came from."""
    initial: dict[str, Any] = {"currency": currency_chosen(request), "next": request.GET.get("next", "")}
    form = CurrencyForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "storefront/currency.html", {"form": form}, status=422 if form.errors else 200)
    response = redirect(_way_back(request, form.cleaned_data["next"]))
    if chosen := form.cleaned_data["currency"]:
        secure, lasts = settings.SESSION_COOKIE_SECURE, LASTS_S
        response.set_cookie(CURRENCY_COOKIE, chosen, max_age=lasts, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(CURRENCY_COOKIE, samesite="Lax")
    return response


def _way_back(request: HttpRequest, wanted: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and is_ours else reverse("storefront:home")

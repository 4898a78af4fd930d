"""What currencies are worth: the newest rate of each, another one by hand, and the source asked at once."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.prices.api import RatesUnavailableError, fetch_rates, list_rates, set_rate
from footlights.web.access import person_id_of
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import blame, currency_choices


class RateForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)
    per_euro = forms.DecimalField(
        label=_("One euro is"), max_digits=20, decimal_places=10, widget=forms.TextInput({"inputmode": "decimal"})
    )
    on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))


@require_http_methods(["GET", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """A POST says what a currency is worth."""
    at = now()
    form = RateForm(request.POST or None, initial={"on": at.date()})
    if form.is_valid():
        try:
            set_rate(**form.cleaned_data, by_id=person_id_of(request), at=at)
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, now_("Saved. Prices that were agreed to stay."))
            return redirect("backoffice:rates")
    context = {
        "section": "terms",
        "form": form,
        "rates": list_rates(at.date()),
        "asks_bank": settings.RATES_SOURCE == "ecb",
    }
    return render(request, "backoffice/rates.html", context, status=422 if form.errors else 200)


@require_POST
def asked(request: HttpRequest) -> HttpResponse:
    """Ask the source now, not this afternoon."""
    try:
        count = fetch_rates()
    except RatesUnavailableError as error:
        messages.error(request, now_("%(why)s The rates of before go on holding.") % {"why": error})
    else:
        messages.success(request, now_("%(count)d rates came.") % {"count": count})
    return redirect("backoffice:rates")

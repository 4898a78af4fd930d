"""Taxes: what was collected where in a period, for the returns; and where the service is registered to pay them."""

import csv
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel import Locale
from babel.numbers import format_percent
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.filings.api import count_told, list_to_look_at
from footlights.invoicing.api import TaxTotal, find_seller
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.taxes.api import (
    EU,
    areas,
    end_registration,
    list_conflicting_evidence,
    list_known_rates,
    list_registrations,
    register,
)
from footlights.web.access import person_id_of
from footlights.web.backoffice.tax_periods import TaxPeriod, find_period, recent_periods
from footlights.web.backoffice.tax_sums import collected_in

COLUMNS = ("period", "country", "region", "tax", "rate_percent", "currency", "net", "tax_amount", "documents")


class RegistrationForm(forms.Form):
    area = forms.ChoiceField(label=_("Where"))
    number = forms.CharField(
        label=_("Your number there"),
        max_length=40,
        required=False,
        help_text=_("It stands on invoices to businesses that owe the tax themselves."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    since = forms.DateField(
        label=_("From"),
        help_text=_("The first day you charge the tax. It may lie ahead."),
        widget=forms.DateInput({"type": "date"}),
    )

    is_seat = forms.BooleanField(
        label=_("We have our seat or a branch there"),
        required=False,
        help_text=_("Then businesses there pay the tax to you as well; elsewhere in the EU they owe it themselves."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [(area, name_of(area)) for area in areas()]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    until = forms.DateField()


@require_safe
def taxes(request: HttpRequest) -> HttpResponse:
    period = _asked(request)
    sums = collected_in(period)
    context = {
        "section": "documents",
        "period": period,
        "periods": recent_periods(now()),
        "lines": [(name_of(each.total.country), _rate(each.total), each) for each in sums],
        "is_off": any(not each.agrees for each in sums),
        "seller": find_seller(),
        "is_registered": any(each.holds(now().date()) for each in list_registrations()),
    }
    return render(request, "backoffice/taxes.html", context)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The period as CSV, a row for each place, rate and currency, amounts as plain decimals."""
    period = _asked(request)
    headers = {
        "Content-Disposition": f'attachment; filename="taxes-{period.code}.csv"',
        "Cache-Control": "private, no-store",
    }
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(period, each.total) for each in collected_in(period))
    return answer


@require_http_methods(["GET", "POST"])
def registrations(request: HttpRequest) -> HttpResponse:
    """Where the service pays taxes; a POST adds a place."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            register(**form.cleaned_data, by_id=person_id_of(request))
        except FootlightsError as error:
            form.add_error(getattr(error, "field", None), str(error))
        else:
            messages.success(request, now_("Saved. Prices there hold the tax from that day on."))
            return redirect("backoffice:tax_registrations")
    context = {
        "section": "documents",
        "form": form,
        "registrations": [(name_of(each.area), each) for each in list_registrations()],
        "today": now().date(),
        "seller": find_seller(),
        "conflicts": list_conflicting_evidence(),
        "by_stripe": settings.TAX_CALCULATOR == "stripe",
        "told": count_told(),
        "filings": list_to_look_at(),
        "known": [(name_of(each.country), each) for each in list_known_rates()],
    }
    return render(request, "backoffice/tax_registrations.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, now_("Say from which day on no tax is charged there."))
        return redirect("backoffice:tax_registrations")
    try:
        end_registration(registration_id=registration_id, until=form.cleaned_data["until"], by_id=person_id_of(request))
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, now_("Ended. What was charged before stays."))
    return redirect("backoffice:tax_registrations")


def name_of(area: str) -> str:
    """A country's name, or the Union's, as this reader says it."""
    if area == EU:
        return now_("European Union (One-Stop Shop)")
    locale = Locale.parse(get_language() or "en", sep="-")
    return str(locale.territories.get(area, area))


def _asked(request: HttpRequest) -> TaxPeriod:
    code = request.GET.get("period", "")
    period = find_period(code) if code else recent_periods(now())[0]
    if period is None:
        raise Http404
    return period


def _rate(total: TaxTotal) -> str:
    percent = format_percent(
        Decimal(total.rate_bps) / 10_000, locale=get_language() or "en", decimal_quantization=False
    )
    return f"{total.tax_name} {percent}"


def _cells(period: TaxPeriod, total: TaxTotal) -> tuple[str, ...]:
    return (
        period.code,
        total.country,
        total.region,
        total.tax_name,
        f"{total.rate_bps / 100:g}",
        total.net.currency,
        str(total.net.decimal),
        str(total.tax.decimal),
        str(total.documents),
    )

"""Who earns here, for tax offices: who has not said who they are, and the year's reports as files."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import UNION, count_taxpayers, list_masked_persons
from footlights.invoicing.api import find_seller
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.sellers.api import (
    FIRST_YEAR,
    REMINDERS,
    RateMissingError,
    Report,
    count_asks,
    export_year,
    held_from,
    list_asks,
)
from footlights.web.access import person_id_of
from footlights.web.checkout.countries import names_of
from footlights.web.paging import number_of, page_of
from footlights.web.sheets import row
from footlights.web.studio.forms import blame

REPORTS: list[tuple[str, Any]] = [
    (Report.DAC7_XML, _("DAC7, for the tax office (XML)")),
    (Report.DAC7_CSV, _("DAC7, as a table (CSV)")),
    (Report.FORM_1099K, _("Form 1099-K, above the limits (CSV)")),
    (Report.FORM_1099K_ALL, _("Form 1099-K, everybody (CSV)")),
]


class ReportForm(forms.Form):
    report = forms.ChoiceField(label=_("Which report"), choices=REPORTS)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, widget=forms.NumberInput({"inputmode": "numeric"}))
    country = forms.ChoiceField(
        label=_("Where you report"), help_text=_("For the European Union: the state your seat is in.")
    )
    tin = forms.CharField(
        label=_("Your own tax number"),
        max_length=40,
        help_text=_("There; for the United States your EIN."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = names_of(get_language() or "en")
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            (code, names[code]) for code in sorted([*UNION, "US"], key=lambda code: names[code].casefold())
        ]


@require_safe
def sellers(request: HttpRequest) -> HttpResponse:
    return _page(request, ReportForm(initial={"year": now().year - 1, "country": "DE"}))


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """The file. It names people: each time is a record of the trail, with the file's digest."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        body = export_year(
            **form.cleaned_data | {"report": Report(form.cleaned_data["report"])},
            by_id=person_id_of(request),
            at=now(),
            as_text=lambda rows: "".join(row(cells) for cells in rows),
        )
    except (InvalidInputError, RateMissingError) as error:
        blame(form, error)
        return _page(request, form)
    is_xml = form.cleaned_data["report"] == Report.DAC7_XML
    name = f"{form.cleaned_data['report'].removesuffix('-xml').removesuffix('-csv')}-{form.cleaned_data['year']}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{"xml" if is_xml else "csv"}"',
        "Cache-Control": "private, no-store",
    }
    kind = "application/xml" if is_xml else "text/csv; charset=utf-8"
    return HttpResponse(body, content_type=kind, headers=headers)


def _page(request: HttpRequest, form: ReportForm) -> HttpResponse:
    page = page_of(request, list_asks(number_of(request)))
    people, at = list_masked_persons({each.person_id for each in page.rows}), now()
    lines = [
        {
            "ask": each,
            "person": people.get(each.person_id),
            "held_from": held,
            "is_held": held is not None and held <= at,
        }
        for each in page.rows
        for held in [held_from(each, at)]
    ]
    context = {
        "section": "payouts",
        "form": form,
        "page": page,
        "lines": lines,
        "waiting": count_asks(),
        "said": count_taxpayers(),
        "reminders": REMINDERS,
        "house": find_seller(),
    }
    return render(request, "backoffice/sellers.html", context, status=422 if form.errors else 200)

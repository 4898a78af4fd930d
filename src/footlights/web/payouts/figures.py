"""What somebody earned by quarter, as a tax office may be told it (DAC7): shown to them, and taken along as a table."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.sellers.api import FIRST_YEAR, Quarters, quarters_of_each
from footlights.web.access import person_id_of
from footlights.web.sheets import row


def figures(request: HttpRequest, *, back: str, frame: str, wrap: str) -> HttpResponse:
    """The year named by ?year, else this one; with ?csv as a file."""
    person_id, years = person_id_of(request), years_until(now().year)
    year = year_asked(request, years)
    if "csv" in request.GET:
        return _file(person_id, year)
    context = {"back": back, "frame": frame, "wrap": wrap, "year": year, "years": years}
    context["tables"] = [table_of(each) for each in quarters_of_each([person_id], year).get(person_id, [])]
    return render(request, "payouts/figures.html", context)


def years_until(this: int) -> list[int]:
    """Those that reports are made of, the newest first."""
    return list(range(this, FIRST_YEAR - 1, -1))


def year_asked(request: HttpRequest, years: list[int]) -> int:
    """Raises NotFoundError for a year of which there are no reports."""
    asked = request.GET.get("year", str(years[0]))
    if asked not in {str(each) for each in years}:
        raise NotFoundError("There are no figures of that year.")
    return int(asked)


def table_of(year: Quarters) -> dict[str, Any]:
    """A line for each quarter, and one for all of them."""
    nothing = Money(0, year.currency)
    columns = (year.amounts("credited"), year.amounts("fees_charged"), year.counts())
    lines = [
        {"name": _("Quarter %(number)d") % {"number": number}, "credited": credited, "fees": fees, "count": count}
        for number, (credited, fees, count) in enumerate(zip(*columns, strict=True), 1)
    ]
    whole = {"credited": sum(columns[0], nothing), "fees": sum(columns[1], nothing), "count": sum(columns[2])}
    return {"currency": year.currency, "lines": lines, "whole": whole}


def _file(person_id: UUID, year: int) -> HttpResponse:
    rows = [["year", "quarter", "currency", "consideration", "fees", "activities"]]
    for each in quarters_of_each([person_id], year).get(person_id, []):
        columns = (each.amounts("credited"), each.amounts("fees_charged"), each.counts())
        rows += [
            [str(year), str(number), each.currency, str(credited.decimal), str(fees.decimal), str(count)]
            for number, (credited, fees, count) in enumerate(zip(*columns, strict=True), 1)
        ]
    headers = {
        "Content-Disposition": f'attachment; filename="earned-{year}.csv"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse("".join(map(row, rows)), content_type="text/csv; charset=utf-8", headers=headers)

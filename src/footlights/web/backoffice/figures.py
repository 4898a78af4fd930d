"""The house's figures: what it trades, what it keeps, what comes back every month, who stays."""

import csv
from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.web.backoffice.figures_sums import Day, Figures, currencies_of, figures_of

PERIODS = {"30": 30, "90": 90, "365": 365}
SHADES = 10  # of the heat map, see backoffice.css
COLUMNS: tuple[tuple[str, Callable[[Day], str]], ...] = (
    ("day", lambda each: each.day.isoformat()),
    ("volume", lambda each: str(each.trade.captured.decimal)),
    ("given_back", lambda each: str(each.trade.refunded.decimal)),
    ("fees", lambda each: str(each.fees.decimal)),
    ("gateway_costs", lambda each: str(each.costs.decimal)),
    ("take", lambda each: str(each.take.decimal)),
    ("payments", lambda each: str(each.trade.payments)),
    ("disputes", lambda each: str(each.trade.disputes)),
    ("monthly_recurring", lambda each: str(each.recurring.decimal)),
    ("members", lambda each: str(each.members.members)),
    ("came", lambda each: str(each.members.came)),
    ("left", lambda each: str(each.members.left)),
)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    currencies = currencies_of()
    currency, period = _asked(request, currencies)
    found = figures_of(currency, PERIODS[period], now())
    context = {
        "section": "figures",
        "currencies": currencies,
        "currency": currency,
        "periods": list(PERIODS),
        "period": period,
        "figures": found,
        "is_empty": not (found.payments or found.members or found.cohorts or found.volume or found.take),
        "charts": _charts(found),
        "churn": _percent(found.churn_bps),
        "disputed": _percent(found.disputed_bps),
        "months": range(1, max((len(each.kept) for each in found.cohorts), default=0) + 1),
        "cohorts": [
            {
                "cohort": each,
                "cells": [
                    {"count": kept, "share": _percent(kept * 10_000 // each.size), "shade": kept * SHADES // each.size}
                    for kept in each.kept
                ],
            }
            for each in found.cohorts
        ],
    }
    return render(request, "backoffice/figures.html", context)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The same days as CSV, amounts as plain decimals of the currency in the file's name."""
    currency, period = _asked(request, currencies_of())
    name = f"figures-{currency}-{period}-days.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(cast("Any", answer))
    writer.writerow([column for column, _cell in COLUMNS])
    for day in figures_of(currency, PERIODS[period], now()).days:
        writer.writerow([cell(day) for _column, cell in COLUMNS])
    return answer


def _asked(request: HttpRequest, currencies: list[str]) -> tuple[str, str]:
    currency, period = request.GET.get("currency", ""), request.GET.get("days", "")
    return currency if currency in currencies else currencies[0], period if period in PERIODS else "30"


def _charts(found: Figures) -> list[dict[str, Any]]:
    def chart(title: str, pick: Callable[[Day], Money | int], unit: str = "") -> dict[str, Any]:
        return {"title": title, "days": [(each.day, pick(each)) for each in found.days], "unit": unit}

    return [
        chart(_("Volume per day"), lambda each: each.trade.captured),
        chart(_("Take per day"), lambda each: each.take),
        chart(_("Monthly recurring, at the end of each day"), lambda each: each.recurring),
        chart(_("Members at the end of each day"), lambda each: each.members.members, _("Members")),
        chart(_("Disputes opened per day"), lambda each: each.trade.disputes, _("Disputes")),
    ]


def _percent(bps: int | None) -> str:
    return "" if bps is None else f"{bps / 100:g} %"

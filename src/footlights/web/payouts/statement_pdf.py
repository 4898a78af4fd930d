"""A month of an account as a PDF: what was there, what came and went on each day, what was left."""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from footlights.accounts.api import get_installation
from footlights.invoicing.api import typeset
from footlights.kernel.money import Money
from footlights.ledger.api import days_by_way
from footlights.ledger.api import statement as read_statement

MONTHS_OFFERED = 13


def months_until(day: date, *, since: date) -> list[tuple[str, str]]:
    """The last thirteen months and none before `since`, this one first: as an address says them, and as people do."""
    this, first = (each.year * 12 + each.month - 1 for each in (day, since))
    numbers = range(this, max(first, this - MONTHS_OFFERED + 1) - 1, -1)
    begins = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    return [(f"{each:%Y-%m}", date_format(each, "YEAR_MONTH_FORMAT")) for each in begins]


def statement_pdf(account: str, *, currency: str, month: str, payee: str, at: datetime) -> HttpResponse:
    """`month` is as `months_until` writes it. Raises Http404 for any other, and for one that is still ahead."""
    first = _first_of(month)
    if first > at.date():
        raise Http404
    last = min(first.replace(day=monthrange(first.year, first.month)[1]), at.date())
    content = content_of(account, currency, first, last) | {"payee": payee}
    pdf = typeset(_template(), content, at=datetime.combine(last, time.min, UTC))
    headers = {
        "Content-Disposition": f'attachment; filename="statement-{month}-{currency}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def content_of(account: str, currency: str, first: date, last: date) -> dict[str, Any]:
    """What statement.typ reads: every word and amount of these days, as this reader writes them."""
    found = read_statement(account, currency, since=first, until=last)
    words = _words()
    lines = [
        {
            "day": date_format(each.day, "DATE_FORMAT"),
            "what": words.get(each.way, _("Other")),
            "count": str(each.count),
            "amount": _written(-each.total),
        }
        for each in days_by_way(account, currency, first, last)
    ]
    return {
        "service": get_installation().name,
        "lang": (get_language() or "en").partition("-")[0],
        "direction": "rtl" if get_language_bidi() else "ltr",
        "title": _("Statement"),
        "period": f"{date_format(first, 'DATE_FORMAT')} \N{EN DASH} {date_format(last, 'DATE_FORMAT')}",
        "headings": [_("Day"), _("What"), _("How often"), _("Amount")],
        "lines": lines,
        "sums": [
            [_("Balance before"), _written(-found.opening)],
            [_("Came in"), _written(-found.credits)],
            [_("Went out or back"), _written(-found.debits)],
        ],
        "total": [_("Balance after"), _written(-found.closing)],
        "notes": [_("Days are UTC days. Every single movement is in the CSV statement."), account],
        "empty": _("Nothing moved in this time."),
    }


def _words() -> dict[str, str]:
    """What a day's movements are, by the word their journals begin with."""
    return {
        "purchase": _("Films and collections"),
        "invoice": _("Memberships"),
        "tip": _("Tips"),
        "gift": _("Gifts"),
        "pass": _("Passes"),
        "payout": _("Payouts"),
        "dispute": _("Disputes"),
    }


def _written(amount: Money) -> str:
    return amount.format(get_language() or "en")


def _first_of(month: str) -> date:
    try:
        return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Http404 from error


@cache
def _template() -> bytes:
    return Path(__file__).with_name("statement.typ").read_bytes()

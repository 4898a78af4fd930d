"""An account's postings as a file for spreadsheets."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from footlights.ledger.api import Entry, list_postings
from footlights.web.sheets import row

PAGES_MAX = 2_000  # of 50: far more than a payee's years


def statement(account: str, *, currency: str) -> StreamingHttpResponse:
    """Every posting in one currency, the newest first: when, what, amount as the payee counts it (earned > 0)."""
    name = f"statement-{currency}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_lines(account, currency), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(account: str, currency: str) -> Iterator[str]:
    yield row(["time (UTC)", "what", "reference", f"amount ({currency})"])
    for entry in _entries(account):
        if entry.amount.currency == currency:
            amount = str((-entry.amount).decimal)
            yield row([entry.at.isoformat(timespec="seconds"), entry.memo, entry.cause, amount])


def _entries(account: str) -> Iterator[Entry]:
    for page in range(1, PAGES_MAX + 1):
        entries = list_postings(account, page)
        yield from entries
        if not entries:
            return

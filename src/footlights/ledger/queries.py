"""Bounded reads of the books."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Sum
from django.db.models.functions import TruncDate

from footlights.kernel.money import Money
from footlights.ledger.models import BalanceRow, Journal, PostingRow
from footlights.ledger.records import Balance, Entry

PAGE_SIZE = 50
MAX_BALANCES = 1_000


def balance_of(account: str, currency: str) -> Money:
    """The sum of all postings of an account in one currency: debit balances > 0, credit balances < 0."""
    total = BalanceRow.objects.filter(account=account, currency=currency).aggregate(total=Sum("amount_minor"))["total"]
    return Money(int(total or 0), currency)


def list_balances(prefix: str = "") -> list[Balance]:
    """Every account whose code starts with `prefix`, by code and currency; at most 1,000."""
    rows = (
        BalanceRow.objects.filter(account__startswith=prefix)
        .values_list("account", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("account", "currency")[:MAX_BALANCES]
    )
    return [Balance(account, Money(int(total), currency)) for account, currency, total in rows]


def list_account_codes(prefix: str, *, after: str, limit: int) -> list[str]:
    """The accounts that ever moved whose code starts with `prefix`, by code, so many after the last one seen."""
    rows = BalanceRow.objects.filter(account__startswith=prefix, account__gt=after)
    return list(rows.values_list("account", flat=True).distinct().order_by("account")[:limit])


def last_credit_of(accounts: Sequence[str], *, apart: str) -> datetime | None:
    """When one of them was credited last, but for causes that begin with `apart`."""
    rows = PostingRow.objects.filter(account__in=list(accounts), amount_minor__lt=0)
    found: datetime | None = rows.exclude(journal__cause__startswith=apart).aggregate(last=Max("at"))["last"]
    return found


def list_postings(account: str, page: int = 1) -> list[Entry]:
    """The newest postings of an account first, 50 a page, pages from 1."""
    start = (page - 1) * PAGE_SIZE
    rows = PostingRow.objects.filter(account=account).select_related("journal").order_by("-at", "-journal_id", "line")
    return [row.to_entry() for row in rows[start : start + PAGE_SIZE]]


def list_journal(cause: str) -> list[Entry]:
    """The postings of the journal with this cause, debits first; none when there is no such journal."""
    journal = Journal.objects.filter(cause=cause).first()
    return journal.to_entries() if journal else []


def list_daily_totals(account: str, currency: str, since: date, until: date) -> Sequence[tuple[date, Money]]:
    """The sum of each UTC day from `since` to `until`, both included, days without postings as zero."""
    start = datetime.combine(since, time.min, UTC)
    end = datetime.combine(until + timedelta(days=1), time.min, UTC)
    rows = (
        PostingRow.objects.filter(account=account, currency=currency, at__gte=start, at__lt=end)
        .values_list(TruncDate("at", tzinfo=UTC))
        .annotate(total=Sum("amount_minor"))
    )
    totals: dict[date, int] = {day: int(total) for day, total in rows}
    days = (since + timedelta(days=offset) for offset in range((until - since).days + 1))
    return [(day, Money(totals.get(day, 0), currency)) for day in days]

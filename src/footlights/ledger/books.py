"""The books as an accountant reads them: trial balance, statement of an account, one journal. Bounded reads."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F, Q, Sum, Value
from django.db.models.functions import StrIndex, Substr, TruncMonth

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.models import BalanceRow, Journal, PostingRow, Reversal
from footlights.ledger.records import Balance, Entry

PAGE_SIZE = 50
MAX_GROUPS = 2_000


@dataclass(frozen=True, slots=True)
class TrialLine:
    """All accounts of a kind ("creator") in a currency. Debits and credits are sums of balances, both at least zero."""

    kind: str
    accounts: int
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """Of one account in one currency: `entries` are one page, with one more where there is a next page."""

    account: str
    opening: Money
    debits: Money
    credits: Money
    closing: Money
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class JournalStory:
    """A journal, what it takes back, and what took it back."""

    id: uuid.UUID
    cause: str
    memo: str
    about: str
    at: datetime
    entries: list[Entry]
    takes_back: Entry | None
    taken_back_by: list[Entry]


@dataclass(frozen=True, slots=True)
class MonthOfSubject:
    """What came to an account in a month by what was sold; `about` is empty where no journal says."""

    month: date
    about: str
    amount: Money


def trial_balance() -> dict[str, list[TrialLine]]:
    """By currency; in each the debits equal the credits, or the books are broken."""
    balances = (
        BalanceRow.objects.values("account", "currency")
        .annotate(total=Sum("amount_minor"), kind=Substr("account", 1, StrIndex("account", Value(":")) - 1))
        .values_list("kind", "currency", "total")
    )
    found: dict[str, dict[str, list[int]]] = {}
    for kind, currency, total in balances.iterator():
        line = found.setdefault(currency, {}).setdefault(kind, [0, 0, 0])
        line[0] += 1
        line[1 if total > 0 else 2] += abs(int(total))
    return {
        currency: [
            TrialLine(kind, count, Money(debit, currency), Money(credit, currency))
            for kind, (count, debit, credit) in sorted(kinds.items())
        ]
        for currency, kinds in sorted(found.items())
    }


def list_accounts(kind: str, currency: str, page: int = 1) -> list[Balance]:
    """Accounts of a kind by code, 50 a page and one more where there is a next page; pages from 1."""
    start = (page - 1) * PAGE_SIZE
    rows = (
        BalanceRow.objects.filter(account__startswith=f"{kind}:", currency=currency)
        .values_list("account")
        .annotate(total=Sum("amount_minor"))
        .order_by("account")[start : start + PAGE_SIZE + 1]
    )
    return [Balance(account, Money(int(total), currency)) for account, total in rows]


def statement(account: str, currency: str, *, since: date, until: date, page: int = 1) -> Statement:
    """From the begin of the UTC day `since` to the end of `until`, the oldest first, 50 a page; pages from 1."""
    start, end = datetime.combine(since, time.min, UTC), datetime.combine(until + timedelta(days=1), time.min, UTC)
    rows = PostingRow.objects.filter(account=account, currency=currency)
    sums = rows.aggregate(
        opening=Sum("amount_minor", filter=Q(at__lt=start)),
        debits=Sum("amount_minor", filter=Q(at__gte=start, at__lt=end, amount_minor__gt=0)),
        credits=Sum("amount_minor", filter=Q(at__gte=start, at__lt=end, amount_minor__lt=0)),
    )
    opening, debits, credits_minor = (int(sums[name] or 0) for name in ("opening", "debits", "credits"))
    first = (page - 1) * PAGE_SIZE
    found = rows.filter(at__gte=start, at__lt=end).select_related("journal").order_by("at", "journal_id", "line")
    return Statement(
        account=account,
        opening=Money(opening, currency),
        debits=Money(debits, currency),
        credits=Money(credits_minor, currency),
        closing=Money(opening + debits + credits_minor, currency),
        entries=[row.to_entry() for row in found[first : first + PAGE_SIZE + 1]],
    )


def get_journal(journal_id: uuid.UUID) -> JournalStory:
    """Raises NotFoundError."""
    journal = Journal.objects.filter(pk=journal_id).first()
    if journal is None:
        raise NotFoundError("There is no such journal.")
    back = Reversal.objects.filter(journal=journal).select_related("reversed").first()
    later = Reversal.objects.filter(reversed=journal).select_related("journal").order_by("pk")[:PAGE_SIZE]
    return JournalStory(
        id=journal.id,
        cause=journal.cause,
        memo=journal.memo,
        about=journal.about,
        at=journal.at,
        entries=journal.to_entries(),
        takes_back=back.reversed.to_entries()[0] if back else None,
        taken_back_by=[row.journal.to_entries()[0] for row in later],
    )


def search_journals(text: str, page: int = 1) -> list[JournalStory]:
    """The newest first: all, or those whose cause or subject begins with `text` or holds it as an id; 50 a page."""
    found = Journal.objects.order_by("-pk")
    if text:
        found = found.filter(Q(cause__startswith=text) | Q(cause__contains=f":{text}") | Q(about__endswith=text))
    start = (page - 1) * PAGE_SIZE
    return [
        JournalStory(row.id, row.cause, row.memo, row.about, row.at, row.to_entries(), None, [])
        for row in found[start : start + PAGE_SIZE + 1]
    ]


def list_months_by_subject(account: str) -> Sequence[MonthOfSubject]:
    """What came to or left an account, by UTC month and what was sold, the newest month first; at most 2,000."""
    rows = (
        PostingRow.objects.filter(account=account)
        .annotate(month=TruncMonth("at", tzinfo=UTC), about=F("journal__about"))
        .values_list("month", "about", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("-month", "about", "currency")[:MAX_GROUPS]
    )
    return [MonthOfSubject(month.date(), about, Money(int(total), currency)) for month, about, currency, total in rows]

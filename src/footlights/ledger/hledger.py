"""The books in hledger's journal format, line by line, for any plain-text accounting program. Reads only.

https://hledger.org/hledger.html#journal. Debits are positive there as here; a cause is the transaction's code.
"""

from collections.abc import Iterator
from datetime import UTC

from django.db.models import Sum

from footlights.kernel.money import Money, exponent_of
from footlights.ledger.models import BalanceRow, Journal

AT_ONCE = 1_000
TYPES = {
    "gateway": "A",
    "dispute": "A",
    "gatewaycost": "X",
    "conversion": "V",
    "platform": "R",
}  # what is not listed is owed to somebody: a liability
SUSPENSE = "platform:suspense"
HARMLESS = str.maketrans({";": ",", "|": "/", "\n": " ", "\r": " ", "(": "[", ")": "]"})  # what means something there


def export_lines() -> Iterator[str]:
    """Commodities, accounts, then every journal in the order in which they were posted. Bounded memory."""
    yield "; Debits are positive, credits negative.\n\n"
    known = BalanceRow.objects.values_list("account", "currency").annotate(Sum("amount_minor"))
    accounts: dict[str, None] = {}
    currencies: dict[str, None] = {}
    for account, currency, _total in known.order_by("account", "currency").iterator():
        accounts[account] = None
        currencies[currency] = None
    for currency in currencies:
        yield f"commodity {_format_of(currency)}\n"
    yield "\n"
    for account in accounts:
        yield f"account {account}  ; type: {_type_of(account)}\n"
    for journal in Journal.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        yield from _transaction(journal)


def _transaction(journal: Journal) -> Iterator[str]:
    words = journal.memo.translate(HARMLESS).strip()
    about = f"  ; about: {journal.about}" if journal.about else ""
    day = journal.at.astimezone(UTC).date()
    yield f"\n{day.isoformat()} * ({journal.cause.translate(HARMLESS)}) {words}{about}\n"
    for posting in journal.to_postings():
        yield f"    {posting.account}  {_amount(posting.amount)}\n"


def _amount(amount: Money) -> str:
    point = "" if exponent_of(amount.currency) else "."  # a commodity without digits shows that its point is one
    return f"{amount.decimal:f}{point} {amount.currency}"


def _format_of(currency: str) -> str:
    return _amount(Money(10 ** (3 + exponent_of(currency)), currency))


def _type_of(account: str) -> str:
    return "L" if account == SUSPENSE else TYPES.get(account.partition(":")[0], "L")

"""The arithmetic of journals. Pure."""

from collections.abc import Sequence

from footlights.kernel.money import Money
from footlights.ledger.errors import NothingLeftError, UnbalancedJournalError
from footlights.ledger.records import Posting

Lines = tuple[str, str, str]  # array literals of PostgreSQL: accounts, amounts, currencies


def require_balance(postings: Sequence[Posting]) -> None:
    """Raises UnbalancedJournalError unless the postings sum to zero in each currency and each moves something."""
    sums: dict[str, int] = {}
    for posting in postings:
        minor, currency = posting.amount.amount_minor, posting.amount.currency
        if not minor:
            raise UnbalancedJournalError(f"A posting to {posting.account} moves nothing.")
        sums[currency] = sums.get(currency, 0) + minor
    if not sums:
        raise UnbalancedJournalError("A journal without postings says nothing.")
    for currency, total in sums.items():
        if total:
            raise UnbalancedJournalError(f"The {currency} postings are off by {total} minor units.")


def lines_of(postings: Sequence[Posting]) -> Lines:
    """The postings as the database takes them. Codes hold nothing to escape: one that does breaks a rule there."""
    amounts = [posting.amount for posting in postings]
    return (
        f"{{{','.join([posting.account for posting in postings])}}}",
        f"{{{','.join([str(amount.amount_minor) for amount in amounts])}}}",
        f"{{{','.join([amount.currency for amount in amounts])}}}",
    )


def part_of(postings: Sequence[Posting], amount: Money) -> list[Posting]:
    """A part of what is left of a journal: `amount` of each of its two sides.

    In proportion, by largest remainder, so that no line gives more than it has left and the last part takes the rest
    exactly. Raises NothingLeftError when less is left, and for a journal of several currencies.
    """
    sides = [
        [posting for posting in postings if (posting.amount.amount_minor > 0) is is_debit] for is_debit in (True, False)
    ]
    left = sum(posting.amount.amount_minor for posting in sides[0])
    if {posting.amount.currency for posting in postings} != {amount.currency} or not 0 < amount.amount_minor <= left:
        raise NothingLeftError(f"{amount.amount_minor} {amount.currency} is no part of what is left.")
    return [part for side in sides for part in _part_of_side(side, amount)]


def _part_of_side(side: Sequence[Posting], amount: Money) -> list[Posting]:
    parts = amount.split([abs(posting.amount.amount_minor) for posting in side])
    return [
        Posting(posting.account, part if posting.amount.amount_minor > 0 else -part)
        for posting, part in zip(side, parts, strict=True)
        if part
    ]

"""Write one journal into the books."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.ids import new_id
from footlights.kernel.reads import fetch_rows
from footlights.ledger.models import Journal
from footlights.ledger.policies import lines_of, require_balance
from footlights.ledger.records import Posting

INSERT = """insert into ledger_journal (id, cause, memo, about, at, accounts, amounts, currencies)
    values (%s, %s, %s, %s, %s, %s::varchar[], %s::bigint[], %s::varchar[])
    on conflict (cause) do nothing returning id"""


def post_journal(
    *, cause: str, postings: Sequence[Posting], at: datetime, memo: str = "", about: str = ""
) -> uuid.UUID:
    """Append a journal; returns its id. `cause` is the idempotency key. One statement, or two.

    The same cause with the same postings is the same journal: nothing is written again. With other postings it raises
    IdempotencyConflictError. Raises UnbalancedJournalError when the postings do not sum to zero in each currency.
    Joins the caller's transaction, so that the journal exists exactly when what caused it does.
    """
    require_balance(postings)
    written = fetch_rows(INSERT, [new_id(), cause, memo, about, at, *lines_of(postings)])
    return uuid.UUID(str(written[0][0])) if written else require_same(cause, postings)


def require_same(cause: str, postings: Sequence[Posting]) -> uuid.UUID:
    """The journal that was posted for this cause before, if it says the same."""
    journal = Journal.objects.get(cause=cause)
    if sorted(journal.to_postings(), key=_order) != sorted(postings, key=_order):
        raise IdempotencyConflictError(f"“{cause}” was posted before with other amounts or accounts.")
    return journal.id


def _order(posting: Posting) -> tuple[str, str, int]:
    return posting.account, posting.amount.currency, posting.amount.amount_minor

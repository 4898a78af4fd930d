"""Write one journal into the books."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.ids import new_id
from footlights.kernel.reads import fetch_texts
from footlights.ledger.models import Journal
from footlights.ledger.policies import lines_of, require_balance
from footlights.ledger.records import Posting

INSERT = """insert into ledger_journal (id, cause, memo, about, at, accounts, amounts, currencies)
    values ($1::uuid, $2, $3, $4, $5::timestamptz, $6::varchar[], $7::bigint[], $8::varchar[])
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
    journal_id = new_id()
    written = fetch_texts(INSERT, [str(journal_id), cause, memo, about, at.isoformat(), *lines_of(postings)])
    return journal_id if written else require_same(cause, postings)


def require_same(cause: str, postings: Sequence[Posting]) -> uuid.UUID:
    """The journal that was posted for this cause before, if it says the same."""
    journal = Journal.objects.get(cause=cause)
    if sorted(journal.to_postings(), key=_order) != sorted(postings, key=_order):
        raise IdempotencyConflictError(f"“{cause}” was posted before with other amounts or accounts.")
    return journal.id


def _order(posting: Posting) -> tuple[str, str, int]:
    return posting.account, posting.amount.currency, posting.amount.amount_minor

"""Write one journal into the books."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from footlights.kernel.errors import IdempotencyConflictError
from footlights.ledger.errors import UnbalancedJournalError
from footlights.ledger.models import Journal, PostingRow
from footlights.ledger.records import Posting


def post_journal(*, cause: str, postings: Sequence[Posting], at: datetime, memo: str = "") -> uuid.UUID:
    """Append a journal; returns its id. `cause` is the idempotency key.

    The same cause with the same postings is the same journal: nothing is written again. With other postings it raises
    IdempotencyConflictError. Raises UnbalancedJournalError when the postings do not sum to zero in each currency.
    Joins the caller's transaction, so that the journal exists exactly when what caused it does.
    """
    _require_balance(postings)
    with transaction.atomic():
        journal, is_new = Journal.objects.get_or_create(
            cause=cause, defaults={"at": at, "memo": memo, "posting_count": len(postings)}
        )
        if is_new:
            PostingRow.objects.bulk_create(
                PostingRow(
                    journal=journal,
                    account=posting.account,
                    amount_minor=posting.amount.amount_minor,
                    currency=posting.amount.currency,
                    at=journal.at,
                )
                for posting in sorted(postings, key=_order)
            )
        elif sorted((row.to_posting() for row in journal.postings.all()), key=_order) != sorted(postings, key=_order):
            raise IdempotencyConflictError(f"“{cause}” was posted before with other amounts or accounts.")
    return journal.id


def _require_balance(postings: Sequence[Posting]) -> None:
    sums: dict[str, int] = defaultdict(int)
    for posting in postings:
        if not posting.amount:
            raise UnbalancedJournalError(f"A posting to {posting.account} moves nothing.")
        sums[posting.amount.currency] += posting.amount.amount_minor
    if not postings:
        raise UnbalancedJournalError("A journal without postings says nothing.")
    for currency, total in sums.items():
        if total:
            raise UnbalancedJournalError(f"The {currency} postings are off by {total} minor units.")


def _order(posting: Posting) -> tuple[str, str, int]:
    return posting.account, posting.amount.currency, posting.amount.amount_minor

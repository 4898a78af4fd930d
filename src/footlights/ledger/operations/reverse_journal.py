"""Take a journal back, by writing its opposite."""

import uuid
from datetime import datetime

from footlights.ledger.errors import UnknownJournalError
from footlights.ledger.models import Journal
from footlights.ledger.operations.post_journal import post_journal
from footlights.ledger.records import Posting


def reverse_journal(*, reversed_cause: str, cause: str, at: datetime, memo: str = "") -> uuid.UUID:
    """Post the opposite of the journal with `reversed_cause`; returns the new journal's id. Idempotent by `cause`.

    Joins the caller's transaction. Raises UnknownJournalError when there is nothing to reverse.
    """
    journal = Journal.objects.filter(cause=reversed_cause).first()
    if journal is None:
        raise UnknownJournalError(f"There is no journal “{reversed_cause}” to take back.")
    opposite = [Posting(row.account, -row.to_posting().amount) for row in journal.postings.all()]
    return post_journal(cause=cause, postings=opposite, at=at, memo=memo)

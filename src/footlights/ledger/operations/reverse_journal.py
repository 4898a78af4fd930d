"""Take a journal back, or a part of it, by writing its opposite."""

import uuid
from collections import defaultdict
from datetime import datetime

from django.db import transaction

from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.kernel.reads import fetch_rows
from footlights.ledger.errors import NothingLeftError, UnknownJournalError
from footlights.ledger.models import Journal, Reversal
from footlights.ledger.operations.post_journal import post_journal
from footlights.ledger.policies import part_of
from footlights.ledger.records import Posting

LEFT = """with recursive tree as (
        select %s::uuid as id union all select r.journal_id from ledger_reversal r join tree on r.reversed_id = tree.id)
    select l.account, l.currency, sum(l.amount)::bigint from ledger_journal j
        join tree on tree.id = j.id, unnest(j.accounts, j.amounts, j.currencies) as l(account, amount, currency)
    group by l.account, l.currency having sum(l.amount) <> 0 order by l.account, l.currency"""


def reverse_journal(
    *, reversed_cause: str, cause: str, at: datetime, memo: str = "", amount: Money | None = None
) -> uuid.UUID:
    """Post the opposite of what is left of the journal with `reversed_cause`; returns the new journal's id.

    With an `amount`, only so much of each of its two sides, in proportion; the parts together are the whole exactly,
    and never more, by a rule of the database. Idempotent by `cause`. Locks the journal; joins the caller's transaction.
    Raises UnknownJournalError, NothingLeftError, and IdempotencyConflictError when `cause` took back something else.
    """
    with transaction.atomic():
        journal = Journal.objects.select_for_update(no_key=True).filter(cause=reversed_cause).first()
        if journal is None:
            raise UnknownJournalError(f"There is no journal “{reversed_cause}” to take back.")
        if made := Journal.objects.filter(cause=cause).first():
            return _require_same(made, journal, amount)
        left = [
            Posting(account, Money(amount_minor, currency))
            for account, currency, amount_minor in fetch_rows(LEFT, [journal.id])
        ]
        if not left:
            raise NothingLeftError(f"All of “{reversed_cause}” was taken back before.")
        taken = part_of(left, amount) if amount else left
        opposite = [Posting(posting.account, -posting.amount) for posting in taken]
        made_id = post_journal(cause=cause, postings=opposite, at=at, memo=memo, about=journal.about)
        Reversal.objects.create(journal_id=made_id, reversed_id=journal.id)
    return made_id


def _require_same(made: Journal, journal: Journal, amount: Money | None) -> uuid.UUID:
    is_of_it = Reversal.objects.filter(journal=made, reversed=journal).exists()
    sides: dict[str, int] = defaultdict(int)
    for posting in made.to_postings():
        sides[posting.amount.currency] += max(posting.amount.amount_minor, 0)
    if not is_of_it or (amount and dict(sides) != {amount.currency: amount.amount_minor}):
        raise IdempotencyConflictError(f"“{made.cause}” took back something else before.")
    return made.id

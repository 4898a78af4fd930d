"""Journals for tests, of this context and of others."""

import uuid

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal


def make_journal(account: str = "creator:c1", amount: Money | None = None, *, about: str = "") -> uuid.UUID:
    """A sale of `amount` (4.00 EUR unless told otherwise): a tenth is the platform's, the rest goes to `account`."""
    amount = amount or Money(400, "EUR")
    fee = amount.share_bps(1_000)
    postings = [
        Posting("gateway:sandbox", amount),
        Posting("platform:fees", -fee),
        Posting(account, fee - amount),
    ]
    return post_journal(cause=f"purchase:{new_id()}:paid", postings=postings, at=now(), memo="buy", about=about)

"""Who has what of the money of a tip, or of a gift that was opened. Joins the caller's transaction."""

from datetime import datetime

from footlights.giving import policies
from footlights.giving.models import GiftRow, Given
from footlights.kernel.money import Money
from footlights.ledger.api import post_journal
from footlights.splits.api import Shares, SubjectKind, shares_of
from footlights.terms.api import SaleKind, fee_bps


def earn(row: Given, *, kind: SaleKind, net: Money, source: str, cause: str, at: datetime) -> None:
    """Book `net` from `source` to the platform and the makers, at the terms of the click, however late it is.

    Sets the row's fee and shares; the caller saves it.
    """
    fee = net.share_bps(fee_bps(kind, row.channel_id, row.created_at))
    shares = _shares_of(row)
    parts = policies.parts_of(net, fee=fee, channel_id=row.channel_id, shares=shares)
    postings = policies.earned_postings(source=source, net=net, fee=fee, parts=parts)
    post_journal(cause=cause, postings=postings, at=at, memo=kind.capitalize(), about=row.about)
    row.fee_minor, row.shared_minor = fee.amount_minor, policies.shared_of(parts, row.channel_id)


def _shares_of(row: Given) -> Shares:
    """As what it is for is shared; a tip to the channel itself is its own."""
    if isinstance(row, GiftRow) and row.collection_id:
        return shares_of(SubjectKind.COLLECTION, row.collection_id, row.created_at)
    if isinstance(row, GiftRow) and row.broadcast_id:
        return shares_of(SubjectKind.EVENT, row.broadcast_id, row.created_at)
    return shares_of(SubjectKind.TITLE, row.title_id, row.created_at) if row.title_id else ()

"""Issue a receipt or an invoice, with the next number of its seller."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from footlights.accounts.api import find_person, get_installation
from footlights.invoicing import policies, sealing
from footlights.invoicing.languages import DEFAULT
from footlights.invoicing.models import HOUSE, BuyerRow, DocumentRow, SellerRow
from footlights.invoicing.operations.numbering import find_written, number_and_write
from footlights.invoicing.records import (
    BuyerDetails,
    Document,
    DocumentKind,
    NewLine,
    Reversed,
    SellerDetails,
    Snapshot,
)


def issue_document(
    *,
    cause: str,
    subject: str,
    buyer_id: UUID,
    channel_id: UUID,
    lines: Sequence[NewLine],
    at: datetime,
    reversed_by: Reversed | None = None,
) -> Document:
    """An invoice by whoever sells, or a receipt while they have not said who they are. `cause` is the idempotency key.

    Joins the caller's transaction and raises NumberedOutsideTransactionError without one: the number is spent exactly
    when what it is about is true. Call it last, since it holds the seller's counter until then. The same cause again
    gives the same document; with other amounts it raises IdempotencyConflictError. A job mails it to the buyer.
    """
    net, tax = policies.sums_of(lines)
    if row := find_written(cause, net + tax, tax):
        return row.to_record()
    seller_id, series, seller = _seller_of(channel_id, is_reversed=reversed_by is not None)
    person = find_person(buyer_id)
    buyer, language = _buyer_of(buyer_id)
    snapshot = Snapshot(
        seller=seller or SellerDetails(legal_name=get_installation().name),
        buyer=buyer or BuyerDetails(name=person.display_name if person else ""),
        buyer_mail=person.email if person else "",
        service=get_installation().name,
        lines=tuple(lines),
        reversed=reversed_by,
    )
    row = DocumentRow(
        kind=DocumentKind.INVOICE if seller else DocumentKind.RECEIPT,
        cause=cause,
        subject=subject,
        seller_id=seller_id,
        buyer_id=buyer_id,
        channel_id=channel_id,
        currency=net.currency,
        net_minor=net.amount_minor,
        tax_minor=tax.amount_minor,
        gross_minor=(net + tax).amount_minor,
        language=language,
        issued_at=at,
    )
    return number_and_write(row, series, snapshot)


def _seller_of(channel_id: UUID, *, is_reversed: bool) -> tuple[UUID, int | None, SellerDetails | None]:
    """The house once it has said who it is; else the channel, if that has; else the house under its plain name.

    Where the buyer owes the tax the number on the document is the house's own, so no channel's name stands beside it.
    """
    rows = {row.seller_id: row for row in SellerRow.objects.filter(seller_id__in=[HOUSE, channel_id])}
    row = rows.get(HOUSE) or (None if is_reversed else rows.get(channel_id))
    if row is None:
        return HOUSE, None, None
    details = sealing.unseal(row.sealed, SellerDetails, context=sealing.of_seller(row.seller_id))
    return row.seller_id, None if row.seller_id == HOUSE else row.series, details


def _buyer_of(person_id: UUID) -> tuple[BuyerDetails | None, str]:
    row = BuyerRow.objects.filter(pk=person_id).first()
    if row is None:
        return None, DEFAULT
    details = sealing.unseal(row.sealed, BuyerDetails, context=sealing.of_buyer(person_id)) if row.sealed else None
    return details, row.language or DEFAULT

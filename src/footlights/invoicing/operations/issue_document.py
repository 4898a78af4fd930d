"""Issue a receipt, an invoice or a credit note, with the next number of its seller."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from footlights.accounts.api import find_person, get_installation
from footlights.invoicing import policies, sealing
from footlights.invoicing.errors import NumberedOutsideTransactionError
from footlights.invoicing.languages import DEFAULT, words_in
from footlights.invoicing.models import HOUSE, BuyerRow, DocumentRow, LineRow, SellerRow
from footlights.invoicing.records import BuyerDetails, Document, DocumentKind, NewLine, SellerDetails, Snapshot
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money

# Locks the counter's row until the transaction ends: whoever comes next waits, and gets the number if this one fails.
NEXT = """insert into invoicing_counter as kept (seller_id, year, last) values (%s, %s, 1)
    on conflict (seller_id, year) do update set last = kept.last + 1 returning last"""


def issue_document(
    *, cause: str, subject: str, buyer_id: UUID, channel_id: UUID, lines: Sequence[NewLine], at: datetime
) -> Document:
    """An invoice by whoever sells, or a receipt while they have not said who they are. `cause` is the idempotency key.

    Joins the caller's transaction and raises NumberedOutsideTransactionError without one: the number is spent exactly
    when what it is about is true. Call it last, since it holds the seller's counter until then. The same cause again
    gives the same document; with other amounts it raises IdempotencyConflictError. A job mails it to the buyer.
    """
    net, tax = policies.sums_of(lines)
    if row := _find(cause, net + tax, tax):
        return row.to_record()
    seller_id, series, seller = _seller_of(channel_id)
    person = find_person(buyer_id)
    buyer, language = _buyer_of(buyer_id)
    snapshot = Snapshot(
        seller=seller or SellerDetails(legal_name=get_installation().name),
        buyer=buyer or BuyerDetails(name=person.display_name if person else ""),
        buyer_mail=person.email if person else "",
        service=get_installation().name,
        lines=tuple(lines),
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
    return _number_and_write(row, series, snapshot)


def issue_credit_note(*, cause: str, corrects_cause: str, returned: Money, tax: Money, at: datetime) -> Document | None:
    """Credit `returned`, of which `tax` is tax; None when no document was issued that it could correct.

    Several may correct one document, together never more than it came to: raises CreditedTooMuchError. For the rest
    as `issue_document`.
    """
    corrected = DocumentRow.objects.filter(cause=corrects_cause).first()
    if corrected is None:
        return None
    if row := _find(cause, -returned, -tax):
        return row.to_record()
    # The counter's lock would do for one year; this one also holds across the turn of the year.
    corrected = DocumentRow.objects.select_for_update(no_key=True).get(pk=corrected.pk)
    was = corrected.to_record()
    policies.check_credit(gross=was.gross, tax=was.tax, credited=_credited(corrected), returned=(returned, tax))
    before = sealing.unseal(corrected.sealed, Snapshot, context=sealing.of_document(corrected.pk))
    first = before.lines[0]
    line = NewLine(
        description=words_in(corrected.language)("Refund: %(what)s") % {"what": first.description},
        net=tax - returned,
        tax=-tax,
        rate_bps=first.rate_bps,
        tax_name=first.tax_name,
        country=first.country,
        region=first.region,
    )
    snapshot = Snapshot(
        seller=before.seller,
        buyer=before.buyer,
        buyer_mail=before.buyer_mail,
        service=before.service,
        lines=(line,),
        corrects_number=corrected.number,
        corrects_issued_at=corrected.issued_at,
    )
    row = DocumentRow(
        kind=DocumentKind.CREDIT_NOTE,
        cause=cause,
        subject=corrected.subject,
        seller_id=corrected.seller_id,
        buyer_id=corrected.buyer_id,
        channel_id=corrected.channel_id,
        corrects=corrected,
        currency=returned.currency,
        net_minor=line.net.amount_minor,
        tax_minor=line.tax.amount_minor,
        gross_minor=line.gross.amount_minor,
        language=corrected.language,
        issued_at=at,
    )
    series = SellerRow.objects.filter(seller_id=corrected.seller_id).values_list("series", flat=True).first()
    return _number_and_write(row, None if corrected.seller_id == HOUSE else series, snapshot)


def _find(cause: str, gross: Money, tax: Money) -> DocumentRow | None:
    row = DocumentRow.objects.filter(cause=cause).first()
    if row and (row.to_record().gross, row.to_record().tax) != (gross, tax):
        raise IdempotencyConflictError(f"“{cause}” was documented before with other amounts.")
    return row


def _seller_of(channel_id: UUID) -> tuple[UUID, int | None, SellerDetails | None]:
    """The house once it has said who it is; else the channel, if that has; else the house under its plain name."""
    rows = {row.seller_id: row for row in SellerRow.objects.filter(seller_id__in=[HOUSE, channel_id])}
    row = rows.get(HOUSE) or rows.get(channel_id)
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


def _credited(corrected: DocumentRow) -> tuple[Money, Money]:
    sums = corrected.corrections.aggregate(gross=Sum("gross_minor"), tax=Sum("tax_minor"))
    return Money(-int(sums["gross"] or 0), corrected.currency), Money(-int(sums["tax"] or 0), corrected.currency)


def _number_and_write(row: DocumentRow, series: int | None, snapshot: Snapshot) -> Document:
    """Everything slow is done before the counter is locked."""
    if not connection.in_atomic_block:
        raise NumberedOutsideTransactionError(f"“{row.cause}” is documented outside a transaction.")
    row.id = new_id()
    row.sealed = sealing.seal(snapshot, context=sealing.of_document(row.id))
    row.year = row.issued_at.year
    try:
        with transaction.atomic():  # what fails gives its number back
            return _write(row, series, snapshot)
    except IntegrityError:
        if meanwhile := _find(row.cause, Money(row.gross_minor, row.currency), Money(row.tax_minor, row.currency)):
            return meanwhile.to_record()  # another transaction was first
        raise


def _write(row: DocumentRow, series: int | None, snapshot: Snapshot) -> Document:
    from footlights.invoicing.jobs import mail_document  # noqa: PLC0415  jobs.py calls operations

    with connection.cursor() as cursor:
        cursor.execute(NEXT, [row.seller_id, row.year])
        [row.sequence] = cursor.fetchone()
    row.number = policies.number_of(series=series, year=row.year, sequence=row.sequence)
    row.save(force_insert=True)
    LineRow.objects.bulk_create(
        LineRow(
            document=row,
            position=position,
            country=line.country,
            region=line.region,
            tax_name=line.tax_name,
            rate_bps=line.rate_bps,
            currency=row.currency,
            net_minor=line.net.amount_minor,
            tax_minor=line.tax.amount_minor,
            issued_at=row.issued_at,
        )
        for position, line in enumerate(snapshot.lines)
    )
    mail_document.defer(document_id=str(row.id))
    return row.to_record()

"""Credit a document, in whole or part; and charge again what came back. Documents themselves never change."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from footlights.invoicing import policies, sealing
from footlights.invoicing.languages import words_in
from footlights.invoicing.models import HOUSE, DocumentRow, SellerRow
from footlights.invoicing.operations.numbering import find_written, number_and_write
from footlights.invoicing.records import Document, DocumentKind, NewLine, Snapshot
from footlights.kernel.money import Money


def issue_credit_note(*, cause: str, corrects_cause: str, returned: Money, tax: Money, at: datetime) -> Document | None:
    """Credit `returned`, of which `tax` is tax; None when no document was issued that it could correct.

    Several may correct one document, together never more than it came to: raises CreditedTooMuchError. For the rest
    as `issue_document`.
    """
    corrected = DocumentRow.objects.filter(cause=corrects_cause).first()
    if corrected is None:
        return None
    if row := find_written(cause, -returned, -tax):
        return row.to_record()
    # The counter's lock would do for one year; this one also holds across the turn of the year.
    corrected = DocumentRow.objects.select_for_update(no_key=True).get(pk=corrected.pk)
    was = corrected.to_record()
    policies.check_credit(gross=was.gross, tax=was.tax, credited=_credited(corrected), returned=(returned, tax))
    return _correct(corrected, cause=cause, gross=-returned, tax=-tax, told=corrected, at=at)


def take_credit_back(*, cause: str, credit_cause: str, at: datetime) -> Document | None:
    """The money of a credit note came back to us: it is charged again. As `issue_credit_note`."""
    note = DocumentRow.objects.filter(cause=credit_cause).select_related("corrects").first()
    if note is None or note.corrects is None:
        return None
    credited = note.to_record()
    if row := find_written(cause, -credited.gross, -credited.tax):
        return row.to_record()
    return _correct(note.corrects, cause=cause, gross=-credited.gross, tax=-credited.tax, told=note, at=at)


def _correct(
    corrected: DocumentRow, *, cause: str, gross: Money, tax: Money, told: DocumentRow, at: datetime
) -> Document:
    """A document over `gross` that corrects another, to the same people; it names `told` as what it corrects."""
    before = sealing.unseal(corrected.sealed, Snapshot, context=sealing.of_document(corrected.pk))
    first, is_credit = before.lines[0], gross.amount_minor < 0
    say = words_in(corrected.language)
    line = NewLine(
        description=say("Refund: %(what)s") % {"what": first.description} if is_credit else first.description,
        net=gross - tax,
        tax=tax,
        kind="" if is_credit else first.kind,
        rate_bps=first.rate_bps,
        tax_name=first.tax_name,
        country=first.country,
        region=first.region,
    )
    snapshot = replace(before, lines=(line,), corrects_number=told.number, corrects_issued_at=told.issued_at)
    row = DocumentRow(
        kind=DocumentKind.CREDIT_NOTE if is_credit else corrected.kind,
        cause=cause,
        subject=corrected.subject,
        seller_id=corrected.seller_id,
        buyer_id=corrected.buyer_id,
        channel_id=corrected.channel_id,
        corrects=corrected,
        currency=gross.currency,
        net_minor=line.net.amount_minor,
        tax_minor=tax.amount_minor,
        gross_minor=gross.amount_minor,
        language=corrected.language,
        issued_at=at,
    )
    return number_and_write(row, _series_of(corrected.seller_id), snapshot)


def _series_of(seller_id: UUID) -> int | None:
    if seller_id == HOUSE:
        return None
    return SellerRow.objects.values_list("series", flat=True).get(seller_id=seller_id)


def _credited(corrected: DocumentRow) -> tuple[Money, Money]:
    sums = corrected.corrections.aggregate(gross=Sum("gross_minor"), tax=Sum("tax_minor"))
    return Money(-int(sums["gross"] or 0), corrected.currency), Money(-int(sums["tax"] or 0), corrected.currency)

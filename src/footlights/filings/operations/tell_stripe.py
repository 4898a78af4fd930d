"""Tell Stripe Tax of every invoice and credit note that bears a tax, once each."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from footlights.filings.models import FilingRow, MarkRow
from footlights.filings.records import FilingState
from footlights.invoicing.api import Document, list_taxed, list_taxed_lines
from footlights.kernel.money import Money
from footlights.taxes.api import FilingRefusedError, NewFiling, StripeTax, TaxSilentError, find_evidence

STILL_COMING_IN = timedelta(hours=1)  # a transaction that began before the last look may have ended after it
REASON_LENGTH_MAX = 100


def tell_stripe(*, at: datetime) -> int:
    """Of all that was issued since Stripe Tax was chosen and is not told yet, the oldest first; returns how many were.

    Call outside a transaction; repeatable: the reference is the document's own, so Stripe takes it once. While Stripe
    is silent it stops where it is, and the next call goes on there. Does nothing where our own tables are used.
    """
    if settings.TAX_CALCULATOR != "stripe":
        return 0
    mark, _is_new = MarkRow.objects.get_or_create(pk=MarkRow.ONLY_ID, defaults={"since": at, "until": at})
    told = 0
    try:
        for document in _untold(max(mark.since, mark.until - STILL_COMING_IN), at):
            _tell(document, at)
            told += 1
    except TaxSilentError:
        return told
    MarkRow.objects.filter(pk=mark.pk).update(until=at)
    return told


def _untold(since: datetime, until: datetime) -> Iterator[Document]:
    after: UUID | None = None
    while batch := list_taxed(since=since, until=until, after=after):
        ids = [document.id for document in batch]
        told = set(FilingRow.objects.filter(pk__in=ids).values_list("pk", flat=True))
        yield from (document for document in batch if document.id not in told)
        after = ids[-1]


def _tell(document: Document, at: datetime) -> None:
    nothing = Money(0, document.tax.currency)
    state, reason, filed_id, their_tax = FilingState.TOLD, "", "", nothing
    try:
        if document.gross.amount_minor > 0:  # also what is charged again because its refund came back
            filed_id, their_tax = _sale(document)
        elif document.corrects_id and (original := _filed(document.corrects_id)):
            filed_id = StripeTax().reverse(filed_id=original, reference=_reference(document), amount=-document.gross)
            their_tax = document.tax  # Stripe divides what goes back itself, and does not say the tax in it
        else:
            state, reason = FilingState.LEFT_OUT, "the sale was not told"
    except FilingRefusedError as error:
        state, reason = FilingState.REFUSED, str(error)[:REASON_LENGTH_MAX]
    FilingRow.objects.get_or_create(
        pk=document.id,
        defaults={
            "state": state,
            "reason": reason,
            "filed_id": filed_id,
            "currency": document.tax.currency,
            "tax_minor": document.tax.amount_minor,
            "their_tax_minor": their_tax.amount_minor,
            "at": at,
        },
    )


def _sale(document: Document) -> tuple[str, Money]:
    lines = list_taxed_lines(document.id)
    kept = find_evidence(document.subject)
    filed = StripeTax().record(
        NewFiling(
            reference=_reference(document),
            country=lines[0].country,
            region=(kept.evidence.postcode if kept else "") or lines[0].region,
            amounts=tuple(line.net + line.tax for line in lines),
            at=document.issued_at,
        )
    )
    return filed.id, filed.tax


def _filed(document_id: UUID) -> str:
    row = FilingRow.objects.filter(pk=document_id, state=FilingState.TOLD).first()
    return row.filed_id if row else ""


def _reference(document: Document) -> str:
    """Numbers are unique a house; ids everywhere, also where two houses have one account at Stripe."""
    return f"{document.number}:{document.id}"

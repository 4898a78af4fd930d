"""Give a document its number and write it down, in the caller's transaction."""

from django.db import IntegrityError, connection, transaction

from footlights.invoicing import policies, sealing
from footlights.invoicing.errors import NumberedOutsideTransactionError
from footlights.invoicing.models import DocumentRow, LineRow
from footlights.invoicing.records import Document, Snapshot
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money

# Locks the counter's row until the transaction ends: whoever comes next waits, and gets the number if this one fails.
NEXT = """insert into invoicing_counter as kept (seller_id, year, last) values (%s, %s, 1)
    on conflict (seller_id, year) do update set last = kept.last + 1 returning last"""


def number_and_write(row: DocumentRow, series: int | None, snapshot: Snapshot) -> Document:
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
        if meanwhile := find_written(
            row.cause, Money(row.gross_minor, row.currency), Money(row.tax_minor, row.currency)
        ):
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


def find_written(cause: str, gross: Money, tax: Money) -> DocumentRow | None:
    row = DocumentRow.objects.filter(cause=cause).first()
    if row and (row.to_record().gross, row.to_record().tax) != (gross, tax):
        raise IdempotencyConflictError(f"“{cause}” was documented before with other amounts.")
    return row

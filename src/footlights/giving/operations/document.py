"""The receipt of what was given, and the credit note when its money goes back. Join the caller's transaction.

Call them last: a document's number is held until the transaction ends.
"""

from datetime import datetime

from footlights.giving.causes import paid_cause
from footlights.giving.models import Paid
from footlights.invoicing.api import NewLine, issue_credit_note, issue_document, take_credit_back
from footlights.kernel.money import Money
from footlights.monetization.api import reversed_by


def document_paid(row: Paid, *, description: str, at: datetime) -> None:
    country, _dash, region = row.tax_place.partition("-")
    line = NewLine(
        description=description,
        net=row.net,
        tax=row.tax,
        kind=row.KIND,
        rate_bps=row.tax_rate_bps,
        tax_name=row.tax_name,
        country=country,
        region=region,
    )
    issue_document(
        cause=paid_cause(row.reference),
        subject=row.reference,
        buyer_id=row.giver_id,
        channel_id=row.channel_id,
        lines=[line],
        at=at,
        reversed_by=reversed_by(row.reference),
    )


def document_refund(row: Paid, *, cause: str, returned: Money, tax: Money, at: datetime) -> None:
    issue_credit_note(cause=cause, corrects_cause=paid_cause(row.reference), returned=returned, tax=tax, at=at)


def document_undone(*, cause: str, refund: str, at: datetime) -> None:
    """A refund came back: what its credit note took off is charged again. `refund` is that refund's cause."""
    take_credit_back(cause=cause, credit_cause=refund, at=at)

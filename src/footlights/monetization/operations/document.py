"""The receipt or invoice of a purchase, and the credit note when its money goes back. Join the caller's transaction.

Call them last: a document's number is held until the transaction ends.
"""

from datetime import datetime

from footlights.invoicing.api import NewLine, issue_credit_note, issue_document, take_credit_back
from footlights.kernel.money import Money
from footlights.monetization.causes import reference_of, sale_cause
from footlights.monetization.models import PurchaseRow
from footlights.monetization.reversing import reversed_by


def document_sale(purchase: PurchaseRow, *, description: str, at: datetime) -> None:
    """Once for each purchase, of something that was paid for."""
    country, _dash, region = purchase.tax_place.partition("-")
    line = NewLine(
        description=description,
        net=purchase.net,
        tax=purchase.money(purchase.tax_minor),
        kind=purchase.kind,
        rate_bps=purchase.tax_rate_bps,
        tax_name=purchase.tax_name,
        country=country,
        region=region,
    )
    issue_document(
        cause=sale_cause(purchase.pk),
        subject=f"purchase:{purchase.pk}",
        buyer_id=purchase.viewer_id,
        channel_id=purchase.channel_id,
        lines=[line],
        at=at,
        reversed_by=reversed_by(reference_of(purchase.pk)),
    )


def document_refund(purchase: PurchaseRow, *, cause: str, returned: Money, tax: Money, at: datetime) -> None:
    """Once for each refund; `tax` is what of `returned` was tax. Nothing where the sale itself has no document."""
    issue_credit_note(cause=cause, corrects_cause=sale_cause(purchase.pk), returned=returned, tax=tax, at=at)


def document_undone(*, cause: str, refund: str, at: datetime) -> None:
    """A refund came back: what its credit note took off is charged again. `refund` is that refund's cause."""
    take_credit_back(cause=cause, credit_cause=refund, at=at)

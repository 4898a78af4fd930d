"""The document of a paid period, and of what went back. Joins the caller's transaction, and is called last in it."""

import uuid
from datetime import datetime

from footlights.catalog.api import get_channel
from footlights.invoicing.api import NewLine, issue_credit_note, issue_document
from footlights.kernel.money import Money
from footlights.monetization.api import reversed_by
from footlights.subscriptions.causes import paid_cause, refund_cause
from footlights.subscriptions.models import InvoiceRow, SubscriptionRow


def give_receipt(row: SubscriptionRow, invoice: InvoiceRow, at: datetime) -> None:
    country, _dash, region = (invoice.tax_place or row.country).partition("-")
    line = NewLine(
        description=f"{get_channel(row.channel_id).name}: {invoice.terms.plan.name}",
        net=invoice.amount - invoice.tax,
        tax=invoice.tax,
        kind="subscription",
        begins=invoice.period_start.date(),
        ends=invoice.period_end.date(),
        rate_bps=invoice.tax_rate_bps,
        tax_name=invoice.tax_name,
        country=country,
        region=region,
    )
    issue_document(
        cause=paid_cause(invoice.pk),
        subject=row.cause,
        buyer_id=row.subscriber_id,
        channel_id=row.channel_id,
        lines=[line],
        at=at,
        reversed_by=reversed_by(invoice.reference),
    )


def credit(invoice: InvoiceRow, refund_id: uuid.UUID, *, returned: Money, tax: Money, at: datetime) -> None:
    issue_credit_note(
        cause=refund_cause(invoice.pk, refund_id),
        corrects_cause=paid_cause(invoice.pk),
        returned=returned,
        tax=tax,
        at=at,
    )

"""What of a membership's price is tax, for the one who pays it."""

import uuid
from datetime import datetime

from footlights.kernel.money import Money
from footlights.subscriptions.models import InvoiceRow, SubscriptionRow
from footlights.taxes.api import TaxQuote, check_number, learn_rate, note_reverse_charge, quote_tax


def tax_of(row: SubscriptionRow, price: Money, at: datetime) -> TaxQuote:
    return quote_tax(
        price=price,
        kind="subscription",
        buyer_country=row.country or None,
        buyer_region=row.region,
        business_number=row.business_number,
        at=at,
    )


def columns_of(quote: TaxQuote) -> dict[str, object]:
    """What an invoice keeps of it."""
    return {
        "amount_minor": quote.gross.amount_minor,
        "tax_minor": quote.tax.amount_minor,
        "tax_rate_bps": quote.rate_bps,
        "tax_name": quote.name,
        "tax_place": quote.place,
        "tax_reversed": quote.is_reversed,
        "relief_minor": quote.relief.amount_minor if quote.relief else 0,
    }


def note_who_owes(row: SubscriptionRow, invoice: InvoiceRow, at: datetime) -> None:
    """Keep the check by which this period bears no tax. Joins the caller's transaction."""
    if invoice.tax_reversed:
        note_reverse_charge(reference=invoice.reference, number=row.business_number, country=row.country or "", at=at)


def look_up_number(subscription_id: uuid.UUID, at: datetime) -> None:
    """Before a renewal: ask anew for a business's number, and for what its place asks. Call outside a transaction."""
    row = SubscriptionRow.objects.get(pk=subscription_id)
    learn_rate(country=row.country, region=row.region, at=at)
    if row.business_number:
        check_number(typed=str(row.business_number), country=row.country, at=at)


def tax_account(row: SubscriptionRow, invoice: InvoiceRow) -> str:
    """Where its tax waits to be paid to a country, or to a region of one."""
    return f"tax:{(invoice.tax_place or row.country).lower()}"

"""The tax of a period as invoices tell it, held against what the books say."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from footlights.invoicing.api import TaxTotal, tax_totals
from footlights.kernel.money import Money
from footlights.ledger.api import list_daily_totals
from footlights.web.backoffice.tax_periods import TaxPeriod


@dataclass(frozen=True, slots=True)
class TaxSum:
    """`booked` is what the account of the place took in the period, for all its rates together."""

    total: TaxTotal
    booked: Money
    agrees: bool


def collected_in(period: TaxPeriod) -> list[TaxSum]:
    totals = tax_totals(since=period.since, until=period.until)
    invoiced: dict[tuple[str, str], int] = defaultdict(int)
    for total in totals:
        invoiced[_account(total), total.tax.currency] += total.tax.amount_minor
    booked = {key: _booked(*key, period) for key in invoiced}
    return [
        TaxSum(total, booked[key], agrees=booked[key].amount_minor == invoiced[key])
        for total in totals
        for key in [(_account(total), total.tax.currency)]
    ]


def _account(total: TaxTotal) -> str:
    place = f"{total.country}-{total.region}" if total.region else total.country
    return f"tax:{place.lower()}"


def _booked(account: str, currency: str, period: TaxPeriod) -> Money:
    """A tax that was taken is a credit, which the books write below zero."""
    days = list_daily_totals(account, currency, period.since.date(), (period.until - timedelta(days=1)).date())
    return -sum((amount for _day, amount in days), Money(0, currency))

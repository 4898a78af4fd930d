"""What can be wrong with a report."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footlights.kernel.errors import FootlightsError


class SellersError(FootlightsError):
    code = "sellers"


class RateMissingError(SellersError):
    """What somebody earned cannot be told in US dollars."""

    code = "rate_missing"

    def __init__(self, *, currency: str, on: date) -> None:
        words = {"currency": currency, "day": date_format(on, "DATE_FORMAT")}
        super().__init__(_("No rate of %(currency)s to the dollar is known on %(day)s. Set one under Rates.") % words)
        self.currency = currency
        self.on = on

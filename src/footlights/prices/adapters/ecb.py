"""The European Central Bank's euro foreign exchange reference rates.

About thirty currencies, each working day at 16:00 in Frankfurt.

https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

from footlights.kernel.outgoing import OutgoingError, fetch
from footlights.prices.errors import RatesUnavailableError
from footlights.prices.records import Rate

URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


class CentralBank:
    def fetch(self) -> list[Rate]:
        try:
            answer = fetch("GET", URL, redirects_max=2)
        except OutgoingError as error:
            raise RatesUnavailableError(f"The European Central Bank was not reached: {error}") from error
        if not answer.is_success:
            raise RatesUnavailableError(f"The European Central Bank answered {answer.status}.")
        return read(answer.body)


def read(document: bytes) -> list[Rate]:
    """The rates in a document of the bank. Raises RatesUnavailableError for one that is none."""
    try:
        # Its size is bounded by who fetched it, and expat refuses entities that grow.
        root = ET.fromstring(document)  # noqa: S314
        day = next(cube for cube in root.iter(CUBE) if "time" in cube.attrib)
        on = date.fromisoformat(day.attrib["time"])
        rates = [
            Rate(each.attrib["currency"], on, Decimal(each.attrib["rate"]), "ecb")
            for each in day.iter(CUBE)
            if each is not day
        ]
    except (ET.ParseError, StopIteration, KeyError, ValueError, InvalidOperation) as error:
        raise RatesUnavailableError("The European Central Bank sent something that is no list of rates.") from error
    if not rates or any(not each.per_euro.is_finite() or each.per_euro <= 0 for each in rates):
        raise RatesUnavailableError("The European Central Bank sent rates that are none.")
    return rates

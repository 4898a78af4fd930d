"""Who is asked for rates: settings.RATES_SOURCE."""

from django.conf import settings

from footlights.prices.adapters.ecb import CentralBank
from footlights.prices.adapters.source import RateSource, Table

SOURCES: dict[str, type[RateSource]] = {"ecb": CentralBank, "table": Table}


def source() -> RateSource:
    return SOURCES[settings.RATES_SOURCE]()

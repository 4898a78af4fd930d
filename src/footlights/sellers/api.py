"""The door of sellers."""

from footlights.sellers.errors import RateMissingError, SellersError
from footlights.sellers.figures import (
    MonthsOf,
    Quarters,
    QuartersOf,
    months_in_the_states,
    quarters_in_the_union,
    quarters_of_each,
)
from footlights.sellers.operations.ask_sellers import ask_sellers
from footlights.sellers.operations.details import erase_details, give_details
from footlights.sellers.operations.export_year import FIRST_YEAR, Report, export_year
from footlights.sellers.policies import REMINDERS
from footlights.sellers.queries import (
    count_asks,
    find_ask,
    find_withheld,
    held_from,
    list_asks,
    list_asks_about,
    withheld_by,
)
from footlights.sellers.records import Ask, Withheld

__all__ = [
    "FIRST_YEAR",
    "REMINDERS",
    "Ask",
    "MonthsOf",
    "Quarters",
    "QuartersOf",
    "RateMissingError",
    "Report",
    "SellersError",
    "Withheld",
    "ask_sellers",
    "count_asks",
    "erase_details",
    "export_year",
    "find_ask",
    "find_withheld",
    "give_details",
    "held_from",
    "list_asks",
    "list_asks_about",
    "months_in_the_states",
    "quarters_in_the_union",
    "quarters_of_each",
    "withheld_by",
]

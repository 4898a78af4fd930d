"""The door of sellers."""

from footlights.sellers.operations.ask_sellers import ask_sellers
from footlights.sellers.operations.details import erase_details, give_details
from footlights.sellers.policies import REMINDERS
from footlights.sellers.queries import count_asks, find_ask, find_withheld, list_asks
from footlights.sellers.records import Ask, Withheld

__all__ = [
    "REMINDERS",
    "Ask",
    "Withheld",
    "ask_sellers",
    "count_asks",
    "erase_details",
    "find_ask",
    "find_withheld",
    "give_details",
    "list_asks",
]

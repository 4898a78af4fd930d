"""The door of filings."""

from footlights.filings.operations.tell_stripe import tell_stripe
from footlights.filings.queries import count_told, list_to_look_at
from footlights.filings.records import Filing, FilingState

__all__ = ["Filing", "FilingState", "count_told", "list_to_look_at", "tell_stripe"]

"""Bounded reads of filings."""

from django.db.models import F, Q

from footlights.filings.models import FilingRow
from footlights.filings.records import Filing, FilingState

SHOWN_MAX = 50


def list_to_look_at() -> list[Filing]:
    """What Stripe did not take, or counts otherwise than we do: the newest 50."""
    rows = FilingRow.objects.filter(~Q(state=FilingState.TOLD) | ~Q(tax_minor=F("their_tax_minor")))
    return [row.to_record() for row in rows.order_by("-at")[:SHOWN_MAX]]


def count_told() -> int:
    return FilingRow.objects.filter(state=FilingState.TOLD).count()

"""From one state of a payout to the next, by compare-and-set. Joins the caller's transaction."""

from datetime import datetime
from typing import Any

from footlights.ledger.api import reverse_journal
from footlights.payouts import causes, policies
from footlights.payouts.models import PayoutRow
from footlights.payouts.records import PayoutState


def move(row: PayoutRow, state: PayoutState, *, at: datetime, **changes: Any) -> bool:
    """Move it there if its state allows; False when it does not any more (a repetition, a race). `row` is read anew."""
    sources = PayoutRow.objects.filter(pk=row.pk, state__in=policies.SOURCES[state])
    moved = sources.update(state=state, state_at=at, **changes)
    row.refresh_from_db(fields=["state", "state_at", *changes])
    return bool(moved)


def give_back(row: PayoutRow, at: datetime) -> None:
    """What was set aside is available again."""
    asked = causes.asked_cause(row.pk)
    reverse_journal(reversed_cause=asked, cause=causes.undone(asked), at=at, memo="Payout not made")

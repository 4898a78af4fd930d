"""What is given ends without money, or nobody knows yet. Compare-and-sets: what was paid stays paid. Safe to repeat."""

from footlights.giving.operations.finding import find
from footlights.giving.records import State

REASON_LENGTH_MAX = 300
UNDECIDED = (State.PENDING, State.UNKNOWN)


def close(*, reference: str, reason: str) -> None:
    """Nothing was charged."""
    row = find(reference)
    undecided = type(row).objects.filter(pk=row.pk, state__in=UNDECIDED)
    undecided.update(state=State.DECLINED, reason=reason[:REASON_LENGTH_MAX])


def mark_unsettled(*, reference: str, reason: str) -> None:
    """Nobody knows yet whether it was paid."""
    row = find(reference)
    pending = type(row).objects.filter(pk=row.pk, state=State.PENDING)
    pending.update(state=State.UNKNOWN, reason=reason[:REASON_LENGTH_MAX])

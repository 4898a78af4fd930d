"""The arithmetic of members' figures, in whole units."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from footlights.kernel.money import Money
from footlights.subscriptions.policies.periods import MONTHS
from footlights.subscriptions.records import Cohort, Interval

WHOLE_BPS = 10_000


def monthly_minor(amount_minor: int, interval: Interval) -> int:
    """What an amount comes to in a month; the part of a unit that a year leaves over is dropped."""
    return amount_minor // MONTHS[interval]


def churn_bps(*, lost: int, at_start: int) -> int | None:
    """How many of those who were members at the start have left since; None where there were none."""
    return lost * WHOLE_BPS // at_start if at_start else None


def lifetime_value(monthly: Money, *, members: int, churn: int | None) -> Money | None:
    """What a member brings until they leave: a month's average divided by the share that leaves in one.

    None while nobody has left, or nobody is there: there is nothing to tell it from.
    """
    if not churn or not members:
        return None
    return Money(monthly.amount_minor * WHOLE_BPS // (members * churn), monthly.currency)


def month_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def cohorts_of(stayed: Sequence[tuple[date, int | None, int]], *, months: int, at: datetime) -> list[Cohort]:
    """From (month of joining, whole months they stayed or None while they do, how many) to what was left after each.

    Somebody counts as kept after n months when they stayed n whole months at least. Months in which nobody joined are
    left out, and so is the month that is not over.
    """
    this_month = month_before(at.astimezone(UTC).date(), 0)
    found = []
    for back in range(months, 0, -1):
        month = month_before(this_month, back)
        own = [(lasted, count) for joined, lasted, count in stayed if joined == month]
        if not own:
            continue
        kept = [sum(count for lasted, count in own if lasted is None or lasted >= n) for n in range(1, back)]
        found.append(Cohort(month=month, size=sum(count for _lasted, count in own), kept=tuple(kept)))
    return found

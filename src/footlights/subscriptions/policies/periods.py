"""When periods begin and end. All in UTC, so that no clock change makes a day longer: a day is 24 hours.

A period ends some calendar months after an anchor, at its time of day. Every end is counted from the anchor and never
from the end before, so that 31 January is followed by the end of February and then by 31 March again.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from footlights.subscriptions.records import Interval

MONTHS = {Interval.MONTH: 1, Interval.YEAR: 12}
GRACE = timedelta(days=1)  # how long members stay in after their period, so that a late renewal shuts nobody out


def months_after(anchor: datetime, months: int) -> datetime:
    """The same day of a later month at the same time, or that month's last day where it has none."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = min(anchor.day, monthrange(year, month + 1)[1])
    return anchor.replace(year=year, month=month + 1, day=day)


def days_in(start: datetime, end: datetime) -> int:
    """Whole days of a period."""
    return (end - start).days


def days_over(start: datetime, end: datetime, at: datetime) -> int:
    """How many whole days of a period are over at a moment: 0 before it, all of them after it."""
    return min(max((at - start).days, 0), days_in(start, end))

"""When somebody is reminded, and from when on their money waits. Pure: what the rules need is given to them.

Directive 2011/16/EU annex V section IV part A(2): a platform holds the consideration back (or closes the account) of a
seller who does not say what is asked after two reminders, and not before 60 days have passed since the first request.
"""

from datetime import UTC, date, datetime, timedelta

REMINDERS = 2
PAID_OUT = "payout:"  # under which payouts and conversions stand in the books: what was earned stays earned
KEEPS_YEARS = 10  # after the year of the report, at most: Directive 2011/16/EU article 25(3), annex V section IV part B


def due_reminder(*, asked_at: datetime, reminders: int, hold_days: int, at: datetime) -> int | None:
    """The number of the reminder that is due now: they divide the days evenly. None while there is none."""
    following = reminders + 1
    if not hold_days or following > REMINDERS:
        return None
    due = asked_at + timedelta(days=hold_days * following // (REMINDERS + 1))
    return following if due <= at else None


def held_from(*, asked_at: datetime, reminders: int, hold_days: int) -> datetime | None:
    """From when on nothing is paid out; None while not all reminders were sent, or where nothing is ever held."""
    return asked_at + timedelta(days=hold_days) if hold_days and reminders == REMINDERS else None


def kept_until(last_earned: datetime | None) -> date | None:
    """The first day on which no law asks for the details of whoever earned last then; None for who never did."""
    return date(last_earned.astimezone(UTC).year + KEEPS_YEARS + 1, 1, 1) if last_earned else None


def year_of(year: int) -> tuple[datetime, datetime]:
    """A calendar year's first moment, and the next one's."""
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)

"""When somebody is reminded and from when on their money waits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from footlights.sellers import policies

ASKED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reminders", "days", "due"), [(0, 19, None), (0, 20, 1), (1, 39, None), (1, 40, 2), (2, 400, None)]
)
def test_two_reminders_divide_the_days(reminders, days, due):
    at = ASKED + timedelta(days=days)
    assert policies.due_reminder(asked_at=ASKED, reminders=reminders, hold_days=60, at=at) == due


def test_nobody_is_reminded_of_what_is_never_held():
    late = ASKED + timedelta(days=400)
    assert policies.due_reminder(asked_at=ASKED, reminders=0, hold_days=0, at=late) is None
    assert policies.held_from(asked_at=ASKED, reminders=2, hold_days=0) is None


def test_nothing_is_held_before_both_reminders_and_all_days():
    assert policies.held_from(asked_at=ASKED, reminders=1, hold_days=60) is None
    assert policies.held_from(asked_at=ASKED, reminders=2, hold_days=60) == ASKED + timedelta(days=60)


def test_details_are_kept_ten_years_after_the_last_year_of_earnings():
    assert policies.kept_until(None) is None
    assert policies.kept_until(datetime(2026, 12, 31, 23, tzinfo=UTC)) == date(2037, 1, 1)


def test_a_year_is_of_utc():
    assert policies.year_of(2026) == (ASKED, datetime(2027, 1, 1, tzinfo=UTC))

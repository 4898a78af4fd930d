from math import sqrt

import pytest

from footlights.alerts import policies
from footlights.alerts.policies import DAY, HOUR, WEEK, Expected, Rhythm

NOW_H = 500_000  # hours since 1970


def weekly(count: int, weeks: int) -> dict[int, int]:
    """The same count in this hour of each of the weeks before."""
    return {NOW_H - 168 * week: count for week in range(1, weeks + 1)}


def test_a_window_cuts_an_hour_by_time():
    hours = {NOW_H: 60, NOW_H + 1: 600}
    ends = (NOW_H + 1) * HOUR + 600
    assert policies.window_sum(hours, ends=ends, window_s=600) == 100
    assert policies.window_sum(hours, ends=ends, window_s=HOUR) == 100 + 50
    assert policies.window_sum(hours, ends=NOW_H * HOUR, window_s=HOUR) == 0


def test_the_same_hour_of_other_weeks_is_what_is_expected():
    at = (NOW_H + 1) * HOUR - 1
    found = policies.expected(weekly(100, 8), began=NOW_H - 168 * 9, at=at, window_s=HOUR)
    assert found is not None
    assert found.middle == pytest.approx(100, rel=0.01)


def test_one_terrible_week_and_one_holiday_move_it_little():
    hours = weekly(100, 8) | {NOW_H - 168: 90_000, NOW_H - 336: 0}
    at = (NOW_H + 1) * HOUR - 1
    found = policies.expected(hours, began=NOW_H - 168 * 9, at=at, window_s=HOUR)
    assert found is not None
    assert found.middle == pytest.approx(100, rel=0.01)
    assert found.deviation < 20


def test_a_young_service_compares_days_and_a_new_one_nothing():
    at = (NOW_H + 1) * HOUR - 1
    days = {NOW_H - 24 * day: 40 for day in range(1, 5)}
    young = policies.expected(days, began=NOW_H - 24 * 5, at=at, window_s=HOUR)
    assert young is not None
    assert young.middle == pytest.approx(40, rel=0.01)
    assert policies.expected(days, began=NOW_H - 24, at=at, window_s=HOUR) is None


def test_deviation_is_never_below_chance():
    assert policies.spread([100.0] * 8).deviation == pytest.approx(sqrt(300))
    assert policies.spread([10_000.0] * 8).deviation == pytest.approx(800)
    assert policies.spread([0.0] * 8) == Expected(0.0, 0.0)


def test_a_small_service_is_measured_by_the_floor():
    rhythm = Rhythm(HOUR, 100, 6)
    assert policies.ceiling(rhythm, None) == 100
    assert policies.ceiling(rhythm, Expected(0, 0)) == 100


def test_a_busy_day_lifts_what_is_expected_so_far_and_no_further():
    rhythm, usual = Rhythm(HOUR, 100, 6), Expected(100, 20)
    assert policies.ceiling(rhythm, usual) == 220
    assert policies.ceiling(rhythm, usual, level=2) > 400
    assert policies.level_of(0, 1000) == 1
    assert policies.level_of(2010, 1000) == 2
    assert policies.level_of(10**6, 10) == policies.LEVEL_MAX


@pytest.mark.parametrize(
    "limits", [value for name, value in vars(policies).items() if name.isupper() and isinstance(value, tuple)]
)
def test_wider_windows_allow_more(limits):
    windows = [limit.window_s for limit in limits]
    assert windows == sorted(set(windows))
    assert max(windows) <= DAY < WEEK
    counts = [getattr(limit, "count", None) or limit.floor for limit in limits]
    assert counts == sorted(set(counts))


@pytest.mark.parametrize(
    ("count", "then", "grown"), [(200, 20, True), (199, 20, False), (20, 20, False), (10, 0, True), (9, 0, False)]
)
def test_by_an_order_larger_than_when_somebody_took_it_on(count, then, grown):
    assert policies.has_grown(count, then) is grown

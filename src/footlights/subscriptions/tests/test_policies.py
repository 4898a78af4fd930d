import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.subscriptions.policies import changes, earning, periods, retries, states
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.records import Interval, Paid, State, Terms

MONTH, YEAR = Interval
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.integers(1, 10**9)


def on(year: int, month: int, day: int, hour: int = 20) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def terms(price: int = 1_000, interval: Interval = MONTH, currency: str = "EUR", **more) -> Terms:
    known = {"trial_days": 0, "intro_price": None, "intro_periods": 0, "is_offered": True} | more
    return Terms(id=new_id(), plan_id=new_id(), interval=interval, price=Money(price, currency), **known)


# When periods end.


@pytest.mark.parametrize(
    ("anchor", "months", "end"),
    [
        (on(2026, 1, 31), 1, on(2026, 2, 28)),
        (on(2026, 1, 31), 2, on(2026, 3, 31)),
        (on(2026, 1, 31), 3, on(2026, 4, 30)),
        (on(2024, 1, 31), 1, on(2024, 2, 29)),
        (on(2024, 2, 29), 12, on(2025, 2, 28)),
        (on(2024, 2, 29), 48, on(2028, 2, 29)),
        (on(2026, 12, 31), 2, on(2027, 2, 28)),
        (on(2026, 12, 15), 1, on(2027, 1, 15)),
    ],
)
def test_a_period_ends_on_the_day_it_began_or_the_months_last(anchor, months, end) -> None:
    assert periods.months_after(anchor, months) == end


@given(moments, st.integers(0, 240))
def test_ends_follow_each_other_and_forget_no_day(anchor, months) -> None:
    end, following = periods.months_after(anchor, months), periods.months_after(anchor, months + 1)
    assert 28 <= periods.days_in(end, following) <= 31
    assert (following - end) == timedelta(days=periods.days_in(end, following)), "a period is whole days"
    assert end.day == anchor.day or (end + timedelta(days=1)).day == 1


def test_summer_time_makes_no_period_longer() -> None:
    """Berlin's clocks go forward on 29 March 2026 and back on 25 October: the end stays at the same moment in UTC."""
    berlin = ZoneInfo("Europe/Berlin")
    begun = datetime(2026, 3, 15, 20, tzinfo=berlin).astimezone(UTC)
    ends = [periods.months_after(begun, months) for months in (1, 8)]
    assert [end.hour for end in ends] == [19, 19]
    assert [end.astimezone(berlin).hour for end in ends] == [21, 20]
    assert periods.days_in(begun, ends[0]) == 31


@given(moments, st.integers(1, 400), st.integers(-(10**7), 10**8))
def test_days_over_grow_from_none_to_all(start, days, seconds) -> None:
    end, at = start + timedelta(days=days), start + timedelta(seconds=seconds)
    over = periods.days_over(start, end, at)
    assert 0 <= over <= days
    assert over <= periods.days_over(start, end, at + timedelta(days=1)) <= over + 1


def test_a_clock_ten_minutes_off_counts_no_day_before_the_first_nor_after_the_last() -> None:
    start, end, ten = on(2026, 5, 1), on(2026, 6, 1), timedelta(minutes=10)
    assert periods.days_over(start, end, start - ten) == 0
    assert periods.days_over(start, end, end + ten) == 31
    assert periods.days_over(start, end, end - ten) == 30


# Trying again.


def test_a_declined_card_is_tried_on_its_days_and_then_no_more() -> None:
    first = on(2026, 5, 1)
    tries = [retries.next_try_at(tries=n, first_at=first, at=first) for n in range(1, 6)]
    assert tries == [*(first + timedelta(days=day) for day in (1, 3, 5, 7)), None]


def test_a_late_try_moves_the_next_and_skips_none() -> None:
    first = on(2026, 5, 1)
    late = first + timedelta(days=9)
    assert retries.next_try_at(tries=2, first_at=first, at=late) == late + retries.AT_LEAST_APART


# What may follow.


def test_an_ended_subscription_comes_back_only_by_its_own_first_payment() -> None:
    assert {move for move in Move if State.ENDED in move.sources} == {Move.BEGIN}


def test_every_state_is_reached_and_left_and_the_living_can_all_end() -> None:
    assert {move.target for move in Move} == set(State) - {State.PENDING}
    for state in states.BELONGS:
        assert state in Move.END.sources
    assert states.BELONGS | {State.PENDING} == states.LIVING


def test_who_comes_back_in_the_trial_is_in_the_trial() -> None:
    end = on(2026, 5, 8)
    assert states.return_move(trial_ends_at=end, at=end - timedelta(minutes=1)) is Move.RETURN_TO_TRIAL
    assert states.return_move(trial_ends_at=end, at=end) is Move.RETURN
    assert states.return_move(trial_ends_at=None, at=end) is Move.RETURN


# What a change costs.


@given(amounts, moments, st.sampled_from([1, 12]), st.integers(0, 500 * 86_400))
def test_credit_is_never_above_what_was_paid_nor_below_zero_and_only_shrinks(amount, start, months, later_s) -> None:
    paid = Paid(Money(amount, "EUR"), start, periods.months_after(start, months))
    at = start + timedelta(seconds=later_s)
    credit = changes.credit_of(paid, at).amount_minor
    assert 0 <= changes.credit_of(paid, at + timedelta(days=1)).amount_minor <= credit <= amount
    days = periods.days_in(paid.start, paid.end)
    exact = amount * Fraction(days - periods.days_over(paid.start, paid.end, at), days)
    assert 0 <= credit - exact < 1, "rounded to the buyer's side, by less than a unit"
    assert changes.credit_of(paid, paid.end).amount_minor == 0


def test_a_higher_tier_begins_now_for_its_price_less_what_is_left() -> None:
    paid = Paid(Money(900, "EUR"), on(2026, 6, 1), on(2026, 7, 1))
    change = changes.plan_change(tier=1, terms=terms(900), to_tier=2, to=terms(2_000), paid=paid, at=on(2026, 6, 11))
    assert (change.is_now, change.credit, change.due) == (True, Money(600, "EUR"), Money(1_400, "EUR"))


@pytest.mark.parametrize(
    ("to_tier", "to", "paid_minor"),
    [
        (1, terms(500), 900),  # a lower tier
        (2, terms(12_000), 900),  # the same again
        (3, terms(800, MONTH), 90_000),  # what is left pays for all of it
        (3, terms(9_000, currency="USD"), 900),  # another currency: nothing is converted
    ],
)
def test_less_begins_when_what_is_paid_is_over_and_costs_nothing_now(to_tier, to, paid_minor) -> None:
    paid = Paid(Money(paid_minor, "EUR"), on(2026, 6, 1), on(2026, 7, 1))
    change = changes.plan_change(tier=2, terms=terms(900), to_tier=to_tier, to=to, paid=paid, at=on(2026, 6, 2))
    assert not change.is_now
    assert not change.due


def test_longer_is_more_and_in_a_trial_every_change_waits_for_its_end() -> None:
    paid = Paid(Money(900, "EUR"), on(2026, 6, 1), on(2026, 7, 1))
    yearly = terms(9_000, YEAR)
    at = on(2026, 6, 1)
    assert (
        changes.plan_change(tier=1, terms=terms(900), to_tier=1, to=yearly, paid=paid, at=at).due.amount_minor == 8_100
    )
    assert not changes.plan_change(tier=1, terms=terms(900), to_tier=1, to=yearly, paid=None, at=at).is_now


def test_the_first_periods_may_cost_less() -> None:
    introduced = terms(1_000, intro_price=Money(100, "EUR"), intro_periods=2)
    prices = [changes.price_of_period(introduced, number=n).amount_minor for n in (1, 2, 3)]
    assert prices == [100, 100, 1_000]
    assert changes.price_of_period(terms(700), number=1) == Money(700, "EUR")


# What is earned by when.

parts = st.dictionaries(st.sampled_from(["platform:fees", "creator:a", "person:b", "person:c"]), amounts, min_size=1)


@given(parts, st.sampled_from([28, 29, 30, 31, 365, 366]))
def test_day_by_day_each_gets_their_part_to_the_last_unit_and_the_deferred_empties(each, days) -> None:
    total = dict.fromkeys([*each, "deferred:x"], 0)
    for day in range(days):
        postings = earning.days_postings(
            each, from_day=day, to_day=day + 1, days=days, deferred="deferred:x", currency="EUR"
        )
        assert sum(posting.amount.amount_minor for posting in postings) == 0
        for posting in postings:
            assert posting.account == "deferred:x" or posting.amount.amount_minor < 0, "nobody ever gives back"
            total[posting.account] += posting.amount.amount_minor
        left = earning.left_after(each, day=day + 1, days=days)
        assert total["deferred:x"] == sum(each.values()) - left
    assert {account: -total[account] for account in each} == each


@given(parts, st.integers(1, 366), st.data())
def test_days_in_one_go_are_the_same_as_one_by_one(each, days, data) -> None:
    cuts = sorted({0, *data.draw(st.lists(st.integers(0, days), max_size=5)), days})
    steps: dict[str, int] = {}
    for a, b in itertools.pairwise(cuts):
        for posting in earning.days_postings(each, from_day=a, to_day=b, days=days, deferred="d:d", currency="JPY"):
            steps[posting.account] = steps.get(posting.account, 0) + posting.amount.amount_minor
    at_once = earning.days_postings(each, from_day=0, to_day=days, days=days, deferred="d:d", currency="JPY")
    assert steps == {posting.account: posting.amount.amount_minor for posting in at_once}


@given(parts, st.integers(1, 366), st.data())
def test_closing_a_period_empties_the_deferred_and_gives_back_exactly_what_was_asked(each, days, data) -> None:
    day = data.draw(st.integers(0, days))
    back = Money(data.draw(st.integers(1, sum(each.values()))), "EUR")
    postings = earning.take_back(each, day=day, days=days, back=back, deferred="deferred:x")
    assert sum(posting.amount.amount_minor for posting in postings) == back.amount_minor
    assert {p.account: p.amount.amount_minor for p in postings}.get("deferred:x", 0) == earning.left_after(
        each, day=day, days=days
    )
    earned = earning.earned_by(each, day=day, days=days)
    for posting in postings:
        if posting.account != "deferred:x":
            assert posting.amount.amount_minor <= earned[posting.account], "nobody gives back what they never had"


@given(parts, st.data())
def test_what_goes_back_of_a_period_that_goes_on_is_borne_in_proportion(each, data) -> None:
    back = Money(data.draw(st.integers(1, sum(each.values()))), "EUR")
    postings = earning.give_some_back(each, back=back)
    assert sum(posting.amount.amount_minor for posting in postings) == back.amount_minor
    assert all(0 < posting.amount.amount_minor <= each[posting.account] for posting in postings)


@given(amounts, st.integers(0, 10_000))
def test_fee_and_shares_are_all_there_is(net, fee_bps) -> None:
    fee = Money(net, "EUR").share_bps(fee_bps)
    rest = Money(net, "EUR") - fee
    half = Money(rest.amount_minor // 2, "EUR")
    made = earning.parts_of(Money(net, "EUR"), fee_bps=fee_bps, shares=[("creator:a", half), ("person:b", rest - half)])
    assert sum(made.values()) == net
    assert made.get("platform:fees", 0) == fee.amount_minor

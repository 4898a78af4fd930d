from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.payouts import policies
from footlights.payouts.policies import Sums
from footlights.payouts.records import Destination, Standing
from footlights.terms.api import PayoutSchedule, PayoutTerms

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday
amounts = st.integers(0, 10**9)


def test_fresh_earnings_do_not_go_yet():
    assert policies.available_minor(Sums(settled=900, earned=500, taken=0, paid_out=0), held=0) == 900


def test_what_was_taken_paid_or_held_is_not_there_to_go():
    assert policies.available_minor(Sums(settled=900, earned=500, taken=100, paid_out=300), held=50) == 450


@given(settled=st.integers(-(10**9), 10**9), earned=amounts, taken=amounts, paid_out=amounts, held=amounts)
def test_what_is_available_never_exceeds_what_is_left(settled, earned, taken, paid_out, held):
    sums = Sums(settled=settled, earned=earned, taken=taken, paid_out=paid_out)
    balance = settled + earned - taken - paid_out
    assert policies.available_minor(sums, held=held) <= balance - held


@pytest.mark.parametrize(
    ("schedule", "day", "period"),
    [
        (PayoutSchedule.WEEKLY, date(2026, 11, 26), "2026-W48"),
        (PayoutSchedule.WEEKLY, date(2027, 1, 1), "2026-W53"),  # still the old year's week
        (PayoutSchedule.MONTHLY, date(2026, 11, 26), "2026-11"),
        (PayoutSchedule.DAILY, date(2028, 2, 29), "2028-02-29"),
        (PayoutSchedule.ON_DEMAND, date(2026, 11, 26), "2026-11-26"),
    ],
)
def test_each_schedule_names_its_time(schedule, day, period):
    assert policies.period_of(schedule, day) == period


@pytest.mark.parametrize(
    ("schedule", "after", "run"),
    [
        (PayoutSchedule.DAILY, date(2026, 12, 31), date(2027, 1, 1)),
        (PayoutSchedule.WEEKLY, date(2026, 11, 26), date(2026, 11, 30)),
        (PayoutSchedule.WEEKLY, date(2026, 11, 30), date(2026, 12, 7)),
        (PayoutSchedule.MONTHLY, date(2026, 1, 31), date(2026, 2, 1)),
        (PayoutSchedule.MONTHLY, date(2026, 12, 1), date(2027, 1, 1)),
        (PayoutSchedule.ON_DEMAND, date(2026, 11, 26), None),
    ],
)
def test_the_next_run_is_after_today(schedule, after, run):
    assert policies.next_run(schedule, after) == run


@pytest.mark.parametrize(("from_minor", "needed"), [(None, False), (1_001, False), (1_000, True), (0, True)])
def test_from_an_amount_on_a_second_person_decides(from_minor, needed):
    limit = None if from_minor is None else Money(from_minor, "EUR")
    assert policies.needs_approval(Money(1_000, "EUR"), terms(approval_from=limit)) is needed


@pytest.mark.parametrize("account", ["platform:fees", "gateway:sandbox", "creator"])
def test_only_creators_and_people_are_paid_out(account):
    with pytest.raises(ValueError, match=r"paid out|badly formed"):
        policies.owner_of(account)


def test_nothing_is_foreseen_without_a_destination():
    foreseen = policies.foresee(terms(), standing(5_000), None, AT)
    assert foreseen.on is None
    assert "where your money" in foreseen.reason


def test_on_demand_nothing_leaves_by_itself():
    assert policies.foresee(terms(schedule=PayoutSchedule.ON_DEMAND), standing(5_000), destination(10), AT).on is None


def test_a_new_destination_waits_for_the_run_after_its_days():
    foreseen = policies.foresee(terms(schedule=PayoutSchedule.DAILY), standing(5_000), destination(0), AT)
    assert foreseen.on == date(2026, 11, 30)


def test_too_little_is_foreseen_with_its_condition():
    assert "€50.00" in policies.foresee(terms(minimum=Money(5_000, "EUR")), standing(4_999), destination(10), AT).reason
    assert (
        "€50.00"
        not in policies.foresee(terms(minimum=Money(5_000, "EUR")), standing(5_000), destination(10), AT).reason
    )


def terms(*, schedule=PayoutSchedule.WEEKLY, minimum=Money(0, "EUR"), approval_from=None):  # noqa: B008  frozen
    return PayoutTerms(schedule=schedule, hold_days=7, minimum=minimum, approval_from=approval_from)


def standing(available):
    nothing, some = Money(0, "EUR"), Money(available, "EUR")
    return Standing(account="creator:x", balance=some, fresh=nothing, held=nothing, available=some, terms=terms())


def destination(days_ago):
    set_at = AT - timedelta(days=days_ago)
    return Destination(new_id(), "creator:x", "Bank •••• 3000", set_at, set_at + policies.DESTINATION_WAITS)

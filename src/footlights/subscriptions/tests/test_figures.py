from datetime import UTC, date, datetime, timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.monetization.api import take_part
from footlights.subscriptions import api
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.share_pass import share_due
from footlights.subscriptions.policies import figures
from footlights.subscriptions.policies.periods import months_after
from footlights.subscriptions.records import Cohort, Interval
from footlights.subscriptions.testing import advance_due, begin, make_pass, make_plan

DAY = timedelta(days=1)


@pytest.mark.django_db
def test_members_and_what_they_bring_are_counted_by_currency_and_by_day(channel, plan) -> None:
    at = now()
    assert api.member_figures(channel.id, at) == []
    stays = begin(make_person(), plan, yearly=True)
    leaves = begin(make_person(), plan)
    for each in (stays, leaves):  # they came before the window
        SubscriptionRow.objects.filter(pk=each.id).update(began_at=at - 40 * DAY)
    begin(make_person(), make_plan(channel, tier=2, month=700, currency="USD"))
    api.cancel(subscription_id=leaves.id, subscriber_id=leaves.subscriber_id, at=at)
    advance_due(at=leaves.period_end)
    SubscriptionRow.objects.filter(pk=leaves.id).update(ended_at=at - DAY)
    by_currency = {each.monthly.currency: each for each in api.member_figures(channel.id, at + DAY)}
    euros, dollars = by_currency["EUR"], by_currency["USD"]
    assert (euros.members, euros.monthly, euros.came, euros.left, euros.churn_bps) == (
        1,
        Money(833, "EUR"),
        0,
        1,
        5_000,
    )
    assert euros.lifetime == Money(1_666, "EUR")
    assert (dollars.members, dollars.came, dollars.churn_bps, dollars.lifetime) == (1, 1, None, None)
    days = api.members_by_day(channel.id, 3, at)
    assert [day.members for day in days] == [2, 1, 2]
    assert [(day.came, day.left) for day in days] == [(0, 0), (0, 1), (1, 0)]


def test_a_years_price_is_a_month_by_twelve_and_nothing_is_told_from_nothing() -> None:
    assert figures.monthly_minor(10_000, Interval.YEAR) == 833
    assert figures.churn_bps(lost=1, at_start=3) == 3_333
    assert figures.lifetime_value(Money(900, "EUR"), members=0, churn=100) is None
    assert figures.lifetime_value(Money(900, "EUR"), members=3, churn=0) is None
    assert figures.lifetime_value(Money(900, "EUR"), members=3, churn=1_000) == Money(3_000, "EUR")


def test_what_recurs_follows_the_periods_that_are_paid(channel, plan) -> None:
    at = now()
    monthly, yearly = begin(make_person(), plan), begin(make_person(), plan, yearly=True)
    begin(make_person(), plan, card="declined")
    today = at.date()
    by_day = dict(api.recurring_by_day("EUR", today - DAY, yearly.period_end.date()))
    assert by_day[today - DAY] == Money(0, "EUR")
    assert by_day[today] == Money(1_000 + 833, "EUR")
    assert by_day[monthly.period_end.date()] == Money(833, "EUR")
    assert by_day[yearly.period_end.date()] == Money(0, "EUR")
    assert api.recurring_by_day("EUR", today + DAY, today + DAY)[0][1] == Money(1_833, "EUR")


def test_who_leaves_when_their_month_is_over_has_not_stayed_for_the_next(channel, plan) -> None:
    joined = datetime(2026, 3, 31, 12, tzinfo=UTC)
    for months in (1, 2, None):
        begun = begin(make_person(), plan)
        ended = {"state": "ended", "ended_at": months_after(joined, months), "due_at": None} if months else {}
        SubscriptionRow.objects.filter(pk=begun.id).update(began_at=joined, **ended)
    [march] = api.cohorts("EUR", 12, datetime(2026, 7, 2, tzinfo=UTC))
    assert march == Cohort(month=date(2026, 3, 1), size=3, kept=(2, 1, 1))
    assert api.cohorts("USD", 12, datetime(2026, 7, 2, tzinfo=UTC)) == []


@pytest.mark.django_db
def test_the_pass_is_the_houses_and_no_channels_in_every_figure(staff, channel, plan) -> None:
    """Of all together it counts as a membership does, once; a channel that takes part has no member by it."""
    at = now()
    house_pass = make_pass(staff, month=1_200, year=12_000)
    take_part(channel_id=channel.id, editor_id=channel.owner_id, at=at)
    yearly, monthly, leaves = (begin(make_person(), house_pass, yearly=each) for each in (True, False, False))
    begin(make_person(), plan)
    SubscriptionRow.objects.filter(pk__in=[yearly.id, leaves.id]).update(began_at=at - 40 * DAY)
    api.cancel(subscription_id=leaves.id, subscriber_id=leaves.subscriber_id, at=at)
    advance_due(at=leaves.period_end)
    SubscriptionRow.objects.filter(pk=leaves.id).update(ended_at=at - DAY)
    [all_of_them], [own] = api.member_figures(None, at), api.member_figures(channel.id, at)
    assert (all_of_them.members, all_of_them.monthly) == (3, Money(1_000 + 1_200 + 1_000, "EUR"))
    assert (all_of_them.came, all_of_them.left, all_of_them.churn_bps) == (2, 1, 5_000)
    assert (own.members, own.monthly, own.came, own.left, own.churn_bps) == (1, Money(1_000, "EUR"), 1, 0, None)
    [of_the_pass] = api.member_figures(monthly.channel_id, at)
    assert (of_the_pass.members, of_the_pass.monthly, of_the_pass.churn_bps) == (2, Money(2_200, "EUR"), 5_000)
    assert [day.members for day in api.members_by_day(None, 2, at)] == [1, 3]
    assert [day.members for day in api.members_by_day(channel.id, 2, at)] == [0, 1]


@pytest.mark.django_db
def test_what_the_pass_brings_recurs_by_its_price_whatever_is_shared_of_it(staff, channel) -> None:
    house_pass = make_pass(staff, month=1_200)
    take_part(channel_id=channel.id, editor_id=channel.owner_id, at=now())
    own = begin(make_person(), house_pass)
    first, last = own.period_start.date(), own.period_end.date()
    before = dict(api.recurring_by_day("EUR", first - DAY, last))
    assert [before[each] for each in (first - DAY, first, last - DAY, last)] == [
        Money(each, "EUR") for each in (0, 1_200, 1_200, 0)
    ]
    earn_due(at=own.period_end)
    share_due(at=own.period_end + 40 * DAY)
    assert dict(api.recurring_by_day("EUR", first - DAY, last)) == before


@pytest.mark.django_db
def test_whoever_took_the_pass_is_in_the_cohort_of_their_month(staff, plan) -> None:
    joined, house_pass = datetime(2026, 3, 31, 12, tzinfo=UTC), make_pass(staff)
    for sold, months in ((house_pass, 1), (house_pass, None), (plan, 2)):
        begun = begin(make_person(), sold)
        ended = {"state": "ended", "ended_at": months_after(joined, months), "due_at": None} if months else {}
        SubscriptionRow.objects.filter(pk=begun.id).update(began_at=joined, **ended)
    [march] = api.cohorts("EUR", 12, datetime(2026, 7, 2, tzinfo=UTC))
    assert march == Cohort(month=date(2026, 3, 1), size=3, kept=(2, 1, 1))


def test_a_cohort_shows_no_month_that_is_not_over_for_all_of_it() -> None:
    at = datetime(2026, 3, 15, tzinfo=UTC)
    stayed = [
        (date(2026, 1, 1), None, 2),
        (date(2026, 1, 1), 0, 1),
        (date(2026, 2, 1), 0, 4),
        (date(2026, 3, 1), None, 9),
    ]
    assert figures.cohorts_of(stayed, months=2, at=at) == [
        Cohort(date(2026, 1, 1), 3, (2,)),
        Cohort(date(2026, 2, 1), 4, ()),
    ]

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.monetization.api import list_memberships
from footlights.payments.api import forget_method, list_methods, list_payments
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.testing import advance_due, begin, make_plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOTHING = Money(0, "EUR")


@pytest.fixture
def higher(channel):
    return make_plan(channel, tier=2, month=2_000)


def change(begun, viewer, terms, due, at):
    return api.change_plan(subscription_id=begun.id, subscriber_id=viewer.id, terms_id=terms.id, due=due, at=at)


def quote(begun, viewer, terms, at):
    return api.quote_change(subscription_id=begun.id, subscriber_id=viewer.id, terms_id=terms.id, at=at)


def test_a_higher_tier_begins_at_once_for_what_was_shown_and_every_unit_is_earned_once(
    viewer, channel, plan, higher, balances
) -> None:
    begun = begin(viewer, plan)
    at = begun.period_start + 10 * DAY
    shown = quote(begun, viewer, higher.terms[0], at)
    changed = change(begun, viewer, higher.terms[0], shown.due, at)
    assert (changed.state, changed.plan.tier, changed.period_start) == (State.ACTIVE, 2, at)
    assert [membership.tier for membership in list_memberships(viewer.id, at)] == [2]
    assert shown.due + shown.credit == Money(2_000, "EUR")
    assert balances()["gateway:sandbox"] == 1_000 + shown.due.amount_minor
    names = [each.description.partition(": ")[2] for each in list_payments()]
    assert names == ["Tier 2", "Tier 1"], "the bank's statement names what was paid for"
    assert change(begun, viewer, higher.terms[0], shown.due, at).period_start == at
    earn_due(at=changed.period_end)
    total = 1_000 + shown.due.amount_minor
    left = balances()
    assert -left["platform:fees"] - left[f"creator:{channel.id}"] == total == left["gateway:sandbox"]
    assert f"deferred:{begun.id}" not in left


def test_a_lower_tier_begins_after_what_is_paid_and_can_be_undone_until_then(viewer, plan, higher, balances) -> None:
    begun = begin(viewer, higher)
    at = now()
    assert not quote(begun, viewer, plan.terms[0], at).is_now
    assert change(begun, viewer, plan.terms[0], NOTHING, at).next_terms.id == plan.terms[0].id
    assert change(begun, viewer, higher.terms[0], NOTHING, at).next_terms is None
    change(begun, viewer, plan.terms[0], NOTHING, at)
    assert balances()["gateway:sandbox"] == 2_000
    advance_due(at=begun.period_end)
    after = api.get_subscription(begun.id)
    assert (after.plan.tier, after.next_terms) == (1, None)
    assert after.period_start == begun.period_end
    assert balances()["gateway:sandbox"] == 3_000


def test_another_price_than_shown_is_never_charged(viewer, plan, higher, balances) -> None:
    begun = begin(viewer, plan)
    shown = quote(begun, viewer, higher.terms[0], begun.period_start)
    with pytest.raises(api.TermsChangedError):
        change(begun, viewer, higher.terms[0], shown.due, begun.period_start + 5 * DAY)
    assert balances()["gateway:sandbox"] == 1_000


def test_a_declined_change_changes_nothing_and_the_renewal_still_comes(viewer, plan, higher) -> None:
    begun = begin(viewer, plan, card="broke_later")
    shown = quote(begun, viewer, higher.terms[0], now())
    with pytest.raises(api.CardDeclinedError, match="not enough money"):
        change(begun, viewer, higher.terms[0], shown.due, now())
    kept = api.get_subscription(begun.id)
    assert (kept.state, kept.plan.tier, kept.due_at) == (State.ACTIVE, 1, begun.period_end)
    [method] = list_methods(viewer.id)
    forget_method(payer_id=viewer.id, method_id=method.id, at=now())
    with pytest.raises(api.CardDeclinedError, match="no card"):
        change(begun, viewer, higher.terms[0], shown.due, now())


def test_a_new_price_reaches_nobody_who_has_not_agreed_to_it(viewer, channel, plan) -> None:
    begun = begin(viewer, plan)
    dearer = make_plan(channel, month=1_500)
    advance_due(at=begun.period_end)
    kept = api.get_subscription(begun.id)
    assert kept.terms.price == Money(1_000, "EUR")
    assert not kept.terms.is_offered
    change(kept, viewer, dearer.terms[0], NOTHING, kept.period_start)
    advance_due(at=kept.period_end)
    assert api.get_subscription(begun.id).terms.price == Money(1_500, "EUR")


def test_strangers_change_nothing_and_nobody_takes_what_is_not_theirs_to_take(viewer, stranger, channel, plan) -> None:
    begun = begin(viewer, plan)
    for act in (
        lambda: quote(begun, stranger, plan.terms[1], now()),
        lambda: change(begun, stranger, plan.terms[1], NOTHING, now()),
        lambda: api.cancel(subscription_id=begun.id, subscriber_id=stranger.id, at=now()),
        lambda: api.come_back(subscription_id=begun.id, subscriber_id=stranger.id, at=now()),
        lambda: api.pause(subscription_id=begun.id, subscriber_id=stranger.id, months=1, at=now()),
        lambda: api.resume(subscription_id=begun.id, subscriber_id=stranger.id, at=now()),
        lambda: api.get_subscription(begun.id, stranger.id),
        lambda: change(begun, viewer, plan, NOTHING, now()),  # an id of no terms
    ):
        with pytest.raises(NotFoundError):
            act()
    make_plan(channel, month=1_500, year=10_000)
    make_plan(channel, month=1_500, year=11_000)
    with pytest.raises(api.TermsChangedError):
        quote(begun, viewer, plan.terms[1], now())


def test_what_ends_is_not_changed_but_can_be_taken_back_until_it_has_ended(viewer, plan, higher) -> None:
    begun = begin(viewer, plan)
    for _ in range(2):
        left = api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=now())
    assert (left.state, left.due_at) == (State.CANCELLING, begun.period_end)
    with pytest.raises(api.NotNowError):
        quote(begun, viewer, higher.terms[0], now())
    for _ in range(2):
        assert api.come_back(subscription_id=begun.id, subscriber_id=viewer.id, at=now()).state is State.ACTIVE
    api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=now())
    advance_due(at=begun.period_end)
    assert api.get_subscription(begun.id).state is State.ENDED
    assert list_memberships(viewer.id, begun.period_end) == []
    with pytest.raises(api.NotNowError):
        api.come_back(subscription_id=begun.id, subscriber_id=viewer.id, at=begun.period_end)


def test_a_pause_charges_nothing_lasts_what_was_paid_and_ends_by_itself(viewer, plan, balances) -> None:
    begun = begin(viewer, plan)
    with pytest.raises(InvalidInputError):
        api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=4, at=now())
    for _ in range(2):
        paused = api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=2, at=now())
    assert paused.state is State.PAUSED
    assert list_memberships(viewer.id, begun.period_end - DAY)
    advance_due(at=begun.period_end + 3 * DAY)
    assert balances()["gateway:sandbox"] == 1_000
    assert list_memberships(viewer.id, begun.period_end + 3 * DAY) == []
    advance_due(at=paused.pause_ends_at)
    again = api.get_subscription(begun.id)
    assert (again.state, again.period_start) == (State.ACTIVE, paused.pause_ends_at)
    assert balances()["gateway:sandbox"] == 2_000


def test_who_goes_on_early_pays_when_what_was_paid_is_over(viewer, plan, balances) -> None:
    begun = begin(viewer, plan)
    api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=3, at=now())
    resumed = api.resume(subscription_id=begun.id, subscriber_id=viewer.id, at=now())
    assert (resumed.state, resumed.due_at) == (State.ACTIVE, begun.period_end)
    api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=3, at=now())
    at = begun.period_end + 5 * DAY
    resumed = api.resume(subscription_id=begun.id, subscriber_id=viewer.id, at=at)
    assert (resumed.state, resumed.period_start) == (State.ACTIVE, at)
    assert api.resume(subscription_id=begun.id, subscriber_id=viewer.id, at=at) == resumed
    assert balances()["gateway:sandbox"] == 2_000


def test_a_pause_can_be_left_for_good(viewer, plan) -> None:
    begun = begin(viewer, plan)
    api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=3, at=now())
    at = begun.period_end + DAY
    assert api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=at).state is State.ENDED


def test_a_pause_that_ends_with_a_declined_card_lets_nobody_in(viewer, plan) -> None:
    begun = begin(viewer, plan, card="broke_later")
    paused = api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=1, at=now())
    advance_due(at=paused.pause_ends_at)
    assert api.get_subscription(begun.id).state is State.PAST_DUE
    assert list_memberships(viewer.id, paused.pause_ends_at) == []


def test_who_comes_back_in_the_trial_is_in_it_still(viewer, channel) -> None:
    trial = begin(viewer, make_plan(channel, trial_days=7))
    api.cancel(subscription_id=trial.id, subscriber_id=viewer.id, at=now())
    back = api.come_back(subscription_id=trial.id, subscriber_id=viewer.id, at=now())
    assert (back.state, back.due_at) == (State.TRIALING, trial.period_end)

from datetime import timedelta
from threading import Barrier, Thread
from unittest import mock

import pytest
from django.db import connection

from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import list_memberships
from footlights.payments.api import forget_method, list_methods, open_method_setup
from footlights.payments.models import PaymentRow
from footlights.payments.testing import pay, settle_unknown
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.models import AttemptRow, InvoiceRow
from footlights.subscriptions.operations.advance import advance
from footlights.subscriptions.testing import advance_due, begin

pytestmark = pytest.mark.django_db
TEN_MINUTES = timedelta(minutes=10)


def renewals(subscription) -> list[str]:
    return list(
        InvoiceRow.objects.filter(subscription_id=subscription.id).order_by("number").values_list("state", flat=True)
    )


def at_once(*actions) -> None:
    """Start them together, each on a connection of its own."""
    barrier, failed = Barrier(len(actions)), []

    def run(action) -> None:
        try:
            barrier.wait(10)
            action()
        except Exception as error:  # noqa: BLE001  the test's thread raises it
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if failed:
        raise failed[0]


def test_a_period_that_is_over_is_followed_by_the_next_and_charged_once(viewer, plan, balances) -> None:
    begun = begin(viewer, plan)
    for _ in range(3):
        advance_due(at=begun.period_end)
    renewed = api.get_subscription(begun.id)
    assert renewed.period_start == begun.period_end
    assert renewed.due_at == renewed.period_end
    assert renewals(begun) == ["paid", "paid"]
    assert balances()["gateway:sandbox"] == 2_000


def test_a_clock_ten_minutes_ahead_renews_once_and_one_behind_keeps_members_in(viewer, plan) -> None:
    begun = begin(viewer, plan)
    advance_due(at=begun.period_end - TEN_MINUTES)
    assert renewals(begun) == ["paid"]
    advance_due(at=begun.period_end + TEN_MINUTES)
    advance_due(at=begun.period_end - TEN_MINUTES)
    advance_due(at=begun.period_end)
    assert renewals(begun) == ["paid", "paid"]
    assert list_memberships(viewer.id, begun.period_end + TEN_MINUTES)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_charge_once(viewer, plan, balances) -> None:
    begun = begin(viewer, plan)
    at_once(*[lambda: advance_due(at=begun.period_end)] * 3)
    assert renewals(begun) == ["paid", "paid"]
    assert PaymentRow.objects.count() == 2
    assert balances()["gateway:sandbox"] == 2_000


@pytest.mark.django_db(transaction=True)
def test_a_renewal_that_races_a_cancellation_ends_one_way_or_the_other(viewer, plan, balances) -> None:
    begun = begin(viewer, plan)
    at = begun.period_end
    at_once(
        lambda: advance(subscription_id=begun.id, at=at),
        lambda: api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=at),
    )
    left = api.get_subscription(begun.id)
    if left.state is State.ENDED:
        assert balances()["gateway:sandbox"] == 1_000
    else:
        assert left.state is State.CANCELLING
        assert left.due_at == left.period_end > at
        assert balances()["gateway:sandbox"] == 2_000
        advance_due(at=left.period_end)
        assert api.get_subscription(begun.id).state is State.ENDED
    assert renewals(begun).count("open") == 0


def test_who_cancels_while_the_charge_is_on_its_way_stays_for_what_was_paid_and_no_longer(viewer, plan) -> None:
    """Written down and not sent: as if the process had died between the two."""
    begun = begin(viewer, plan)
    halfway(begun)
    assert api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=begun.period_end).due_at is None
    assert api.come_back(subscription_id=begun.id, subscriber_id=viewer.id, at=begun.period_end).due_at is None
    api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=begun.period_end)
    advance_due(at=begun.period_end + TEN_MINUTES)
    left = api.get_subscription(begun.id)
    assert (left.state, left.period_start) == (State.CANCELLING, begun.period_end)
    advance_due(at=left.period_end)
    assert renewals(begun) == ["paid", "paid"]


def test_who_cancels_while_a_charge_is_declined_has_left(viewer, plan) -> None:
    begun = begin(viewer, plan, card="broke_later")
    halfway(begun)
    api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=begun.period_end)
    advance_due(at=begun.period_end + TEN_MINUTES)
    assert api.get_subscription(begun.id).state is State.ENDED
    assert renewals(begun) == ["paid", "void"]


def halfway(begun, at=None) -> None:
    with mock.patch("footlights.subscriptions.operations.advance.ask"):
        advance_due(at=at or begun.period_end)


def test_an_answer_that_is_lost_is_found_and_charged_once(viewer, plan, balances) -> None:
    begun, at = begin(viewer, plan, card="lost"), now()
    while api.get_subscription(begun.id).state is State.PENDING:
        at += timedelta(hours=7)
        settle_unknown(at=at)
        run_jobs()
    begun = api.get_subscription(begun.id)
    for hours in range(4):
        advance_due(at=begun.period_end + timedelta(hours=hours))
        settle_unknown(at=begun.period_end + timedelta(hours=7 * hours))
        run_jobs(until=begun.period_end + timedelta(days=2))
    assert renewals(begun) == ["paid", "paid"]
    assert balances()["gateway:sandbox"] == 2_000


def test_a_declined_card_is_tried_five_times_in_a_week_and_then_it_ends(viewer, plan, balances) -> None:
    begun = begin(viewer, plan, card="broke_later")
    at, tried = begun.period_end, []
    while (now_ := api.get_subscription(begun.id)).state is not State.ENDED:
        at = now_.due_at
        advance_due(at=at)
        tried.append((at - begun.period_end).days)
        if api.get_subscription(begun.id).state is State.PAST_DUE:
            assert list_memberships(viewer.id, at), "who paid before stays in while the card is tried"
    assert tried == [0, 1, 3, 5, 7]
    assert api.get_subscription(begun.id).end_reason == "unpaid"
    assert list_memberships(viewer.id, at) == []
    assert renewals(begun) == ["paid", "void"]
    assert balances()["gateway:sandbox"] == 1_000


def test_a_new_card_settles_what_is_owed_at_once(viewer, plan, balances) -> None:
    begun = begin(viewer, plan, card="broke_later")
    advance_due(at=begun.period_end)
    assert api.get_subscription(begun.id).state is State.PAST_DUE
    setup = open_method_setup(payer_id=viewer.id, return_path="/", idempotency_key="new", at=now())
    pay("paid", setup.hosted_url)
    settled = api.get_subscription(begun.id)
    assert settled.state is State.ACTIVE
    assert settled.period_start == begun.period_end
    assert balances()["gateway:sandbox"] == 2_000
    advance_due(at=begun.period_end + timedelta(days=2))
    assert renewals(begun) == ["paid", "paid"]


def test_without_a_card_there_is_nothing_to_charge_and_one_is_asked_for(viewer, plan) -> None:
    begun = begin(viewer, plan)
    [method] = list_methods(viewer.id)
    forget_method(payer_id=viewer.id, method_id=method.id, at=now())
    advance_due(at=begun.period_end)
    assert api.get_subscription(begun.id).state is State.PAST_DUE
    assert "no card" in AttemptRow.objects.get(invoice__subscription_id=begun.id, number=1, by_page=False).reason


def test_who_cancels_what_is_owed_owes_nothing(viewer, plan) -> None:
    begun = begin(viewer, plan, card="broke_later")
    advance_due(at=begun.period_end)
    left = api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=begun.period_end)
    assert left.state is State.ENDED
    assert renewals(begun) == ["paid", "void"]


def test_nobody_pays_for_months_in_which_the_service_was_away(viewer, plan) -> None:
    begun = begin(viewer, plan)
    back = begun.period_end + timedelta(days=100)
    advance_due(at=back)
    assert api.get_subscription(begun.id).period_start == back
    assert renewals(begun) == ["paid", "paid"]


def test_a_trial_whose_card_is_declined_at_its_end_is_over_and_tried_again(viewer, channel) -> None:
    from footlights.subscriptions.testing import make_plan

    begun = begin(viewer, make_plan(channel, trial_days=7), card="broke_later")
    advance_due(at=begun.period_end)
    assert api.get_subscription(begun.id).state is State.PAST_DUE
    assert list_memberships(viewer.id, begun.period_end + timedelta(days=2)) == [], "nobody gets a week for nothing"


def test_nothing_is_sent_where_nothing_can_be_paid_and_it_is_once_it_can(viewer, plan, settings) -> None:
    begun = begin(viewer, plan)
    settings.SANDBOX_SELLS = False
    advance_due(at=begun.period_end)
    assert renewals(begun) == ["paid", "open"]
    settings.SANDBOX_SELLS = True
    advance_due(at=begun.period_end + TEN_MINUTES)
    assert renewals(begun) == ["paid", "paid"]

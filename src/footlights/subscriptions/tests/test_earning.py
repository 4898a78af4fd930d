from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import list_memberships
from footlights.payments.api import get_payment, list_refunds, refund_payment
from footlights.payments.events import PaymentRefunded, RefundFailed
from footlights.payments.testing import webhooks_arrive
from footlights.subscriptions import api
from footlights.subscriptions.api import InvoiceState, State
from footlights.subscriptions.handlers import keep_what_came_back, take_back_what_went_back
from footlights.subscriptions.models import AttemptRow, InvoiceRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.testing import advance_due, begin, make_plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refund(paid, amount: int | None = None, key: str = "r", at=None) -> None:
    attempt = AttemptRow.objects.filter(invoice__subscription_id=paid.id, state="paid").latest("created_at")
    money = None if amount is None else Money(amount, "EUR")
    refund_payment(payment_id=attempt.payment_id, idempotency_key=key, amount=money, at=at or now())
    with webhooks_arrive():
        run_jobs()


def test_each_day_a_part_is_earned_and_at_the_end_all_to_the_last_unit(viewer, channel, plan, balances) -> None:
    paid = begin(viewer, plan)
    days = (paid.period_end - paid.period_start).days
    earn_due(at=paid.period_start + DAY - timedelta(minutes=10))
    assert balances()[f"deferred:{paid.id}"] == -1_000
    for _ in range(2):
        earn_due(at=paid.period_start + 10 * DAY)
    half = balances()
    assert half["platform:fees"] + half[f"creator:{channel.id}"] + half[f"deferred:{paid.id}"] == -1_000
    assert half[f"creator:{channel.id}"] == -(900 * 10 // days)
    earn_due(at=paid.period_end)
    earn_due(at=paid.period_end + 90 * DAY)
    assert balances() == {"gateway:sandbox": 1_000, "platform:fees": -100, f"creator:{channel.id}": -900}


def test_of_a_price_smaller_than_its_days_nothing_is_lost(viewer, channel, balances) -> None:
    paid = begin(viewer, make_plan(channel, month=30))
    InvoiceRow.objects.filter(subscription_id=paid.id).update(parts={f"creator:{channel.id}": 3, "platform:fees": 27})
    earn_due(at=paid.period_end)
    assert balances() == {"gateway:sandbox": 30, f"creator:{channel.id}": -3, "platform:fees": -27}


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_earn_each_day_once(viewer, channel, plan, balances) -> None:
    from footlights.subscriptions.tests.test_renewing import at_once

    paid = begin(viewer, plan)
    at_once(*[lambda: earn_due(at=paid.period_end)] * 3)
    assert balances()[f"creator:{channel.id}"] == -900


def test_all_that_goes_back_comes_first_from_what_nobody_earned(viewer, channel, plan, balances) -> None:
    paid = begin(viewer, plan)
    earn_due(at=paid.period_start + 3 * DAY)
    refund(paid)
    assert balances() == {}
    attempt = AttemptRow.objects.get(state="paid")
    [done] = list_refunds(attempt.payment_id)
    again = PaymentRefunded(
        attempt.payment_id, attempt.reference, done.id, done.amount, done.amount, done.amount, now()
    )
    take_back_what_went_back(again)
    assert balances() == {}
    ended = api.get_subscription(paid.id)
    assert (ended.state, ended.end_reason) == (State.ENDED, "refunded")
    assert list_memberships(viewer.id, now()) == []
    assert [invoice.state for invoice in api.list_invoices(paid.id)] == [InvoiceState.REFUNDED]
    earn_due(at=paid.period_end)
    assert balances() == {}


def test_a_part_goes_back_of_one_that_goes_on_and_the_books_still_end_exact(viewer, channel, plan, balances) -> None:
    paid = begin(viewer, plan)
    refund(paid, 333)
    assert api.get_subscription(paid.id).state is State.ACTIVE
    earn_due(at=paid.period_end)
    left = balances()
    assert left["gateway:sandbox"] == 667
    assert -left["platform:fees"] - left[f"creator:{channel.id}"] == 667
    assert f"deferred:{paid.id}" not in left


def test_who_is_sent_away_gets_the_unused_days_back(viewer, creator, stranger, plan, balances) -> None:
    paid = begin(viewer, plan)
    with pytest.raises(NotFoundError):
        api.end_now(subscription_id=paid.id, by_id=stranger.id, at=now())
    with pytest.raises(NotFoundError):
        api.quote_end(subscription_id=paid.id, by_id=stranger.id, at=now())
    days = (paid.period_end - paid.period_start).days
    at = paid.period_start + 10 * DAY
    shown = api.quote_end(subscription_id=paid.id, by_id=creator.id, at=at)
    back = api.end_now(subscription_id=paid.id, by_id=creator.id, at=at)
    assert back == shown
    assert back.amount_minor == 1_000 - 1_000 * 10 // days
    assert api.end_now(subscription_id=paid.id, by_id=creator.id, at=at) == back
    with webhooks_arrive():
        run_jobs()
    left = balances()
    assert left["gateway:sandbox"] == 1_000 - back.amount_minor
    assert f"deferred:{paid.id}" not in left
    assert api.get_subscription(paid.id).end_reason == "refunded"


def test_who_is_in_a_trial_is_sent_away_without_money(viewer, creator, channel) -> None:
    trial = begin(viewer, make_plan(channel, trial_days=7))
    assert api.quote_end(subscription_id=trial.id, by_id=creator.id, at=now()) is None
    assert api.end_now(subscription_id=trial.id, by_id=creator.id, at=now()) is None
    assert api.get_subscription(trial.id).state is State.ENDED


def test_who_is_sent_away_owes_nothing_any_more(viewer, creator, plan) -> None:
    late = begin(viewer, plan, card="broke_later")
    advance_due(at=late.period_end)
    assert api.end_now(subscription_id=late.id, by_id=creator.id, at=late.period_end + DAY) is None
    assert set(InvoiceRow.objects.values_list("state", flat=True)) == {"paid", "void"}


def test_a_refund_that_comes_back_waits_for_a_person(viewer, plan, balances) -> None:
    paid = begin(viewer, plan)
    refund(paid)
    attempt = AttemptRow.objects.get(state="paid")
    [done] = list_refunds(attempt.payment_id)
    for _ in range(2):
        keep_what_came_back(RefundFailed(attempt.payment_id, attempt.reference, done.id, done.amount, now()))
    assert balances() == {"gateway:sandbox": 1_000, "platform:suspense": -1_000}
    assert get_payment(attempt.payment_id)


def test_what_was_taxed_gives_its_tax_back_too(viewer, creator, channel, balances) -> None:
    from datetime import date

    from footlights.taxes.api import register

    register(area="DE", number="DE1", since=date(2020, 1, 1), by_id=creator.id)
    plan = make_plan(channel, month=1_190)
    begun = api.subscribe(
        subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="k", country="DE", at=now()
    )
    from footlights.payments.testing import pay

    pay("paid", begun.hosted_url)
    assert balances() == {"gateway:sandbox": 1_190, "tax:de": -190, f"deferred:{begun.id}": -1_000}
    refund(begun, 119)
    assert balances()["tax:de"] == -171
    refund(begun, key="rest")
    assert balances() == {}


def test_the_shares_of_a_plan_are_those_of_the_day_it_was_paid(viewer, creator, stranger, channel, balances) -> None:
    from footlights.splits.api import NewParty, SubjectKind, propose_split, sign_split

    plan = make_plan(channel)
    agreement, _asked = propose_split(
        subject_kind=SubjectKind.PLAN,
        subject_id=plan.id,
        parties=[NewParty(stranger.email, 5_000)],
        by_id=creator.id,
        at=now(),
    )
    sign_split(agreement_id=agreement.id, person_id=stranger.id, at=now())
    paid = begin(viewer, plan)
    earn_due(at=paid.period_end)
    assert balances()[f"person:{stranger.id}"] == -450

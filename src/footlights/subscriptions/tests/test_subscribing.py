from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.models import Journal
from footlights.monetization.api import list_memberships
from footlights.payments.api import get_payment, list_methods
from footlights.payments.events import PaymentCaptured, PaymentDeclined
from footlights.payments.testing import pay, pay_with, webhooks_arrive
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.handlers import let_in_who_paid, try_again_later
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.testing import advance_due, begin, make_plan

pytestmark = pytest.mark.django_db


def click(person, terms, key="k"):
    return api.subscribe(subscriber_id=person.id, terms_id=terms.id, idempotency_key=key, at=now())


def test_who_pays_is_a_member_until_the_period_ends_and_a_little_longer(viewer, channel, plan, balances) -> None:
    paid = begin(viewer, plan)
    assert paid.state is State.ACTIVE
    [membership] = list_memberships(viewer.id, now())
    assert membership.until == paid.period_end + timedelta(days=1)
    assert membership.tier == 1
    assert balances() == {"gateway:sandbox": 1_000, f"deferred:{paid.id}": -1_000}
    assert [invoice.state for invoice in api.list_invoices(paid.id)] == ["paid"]
    assert [method.is_default for method in list_methods(viewer.id)] == [True]


def test_the_same_click_is_one_subscription_and_one_page(viewer, plan) -> None:
    first, again = click(viewer, plan.terms[0]), click(viewer, plan.terms[0])
    tab = click(viewer, plan.terms[0], key="another tab")
    assert first.id == again.id == tab.id
    assert first.hosted_url == again.hosted_url == tab.hosted_url
    with pytest.raises(IdempotencyConflictError):
        click(viewer, plan.terms[1])


def test_other_terms_close_the_first_page_so_that_one_of_them_is_paid(viewer, plan) -> None:
    monthly = click(viewer, plan.terms[0])
    yearly = click(viewer, plan.terms[1], key="y")
    assert yearly.id != monthly.id
    assert api.get_subscription(monthly.id).state is State.ENDED
    pay("paid", monthly.hosted_url)
    pay("paid", yearly.hosted_url)
    assert api.get_subscription(monthly.id).state is State.ENDED
    assert api.get_subscription(yearly.id).state is State.ACTIVE


def test_a_member_is_not_charged_again(viewer, plan) -> None:
    begin(viewer, plan)
    with pytest.raises(api.AlreadySubscribedError):
        click(viewer, plan.terms[0], key="again")


def test_a_second_tab_after_the_first_was_paid_unheard_finds_the_member(viewer, plan) -> None:
    begun = click(viewer, plan.terms[0])
    pay_with("paid", begun.hosted_url)
    assert click(viewer, plan.terms[1], key="y").state is State.ACTIVE


def test_what_is_declined_never_begins_and_may_be_tried_again(viewer, plan, balances) -> None:
    assert begin(viewer, plan, card="declined").state is State.ENDED
    assert api.list_subscriptions(viewer.id) == []
    assert balances() == {}
    assert begin(viewer, plan).state is State.ACTIVE


def test_terms_that_are_gone_are_not_sold(viewer, channel, plan) -> None:
    make_plan(channel, month=1_200)
    with pytest.raises(api.TermsChangedError):
        click(viewer, plan.terms[0])
    with pytest.raises(NotFoundError):
        api.subscribe(subscriber_id=viewer.id, terms_id=new_id(), idempotency_key="x", at=now())


def test_a_page_paid_after_it_was_given_up_gives_the_money_back_to_who_is_in_by_another(viewer, plan, balances) -> None:
    late = click(viewer, plan.terms[0])
    attempt = AttemptRow.objects.get(invoice__subscription_id=late.id)
    try_again_later(PaymentDeclined(attempt.payment_id, attempt.reference, "expired", now()))
    other = begin(viewer, plan)
    pay_with("paid", late.hosted_url)
    with webhooks_arrive():
        run_jobs()
    let_in_who_paid(PaymentCaptured(attempt.payment_id, attempt.reference, plan.terms[0].price, now()))
    assert api.get_subscription(late.id).state is State.ENDED
    assert get_payment(attempt.payment_id).state == "refunded"
    assert balances() == {"gateway:sandbox": 1_000, f"deferred:{other.id}": -1_000}
    assert Journal.objects.filter(cause__contains="unneeded").count() == 2


def test_a_page_paid_late_lets_in_who_is_nowhere_else(viewer, plan) -> None:
    from footlights.payments.events import PaymentDeclined

    late = click(viewer, plan.terms[0])
    attempt = AttemptRow.objects.get(invoice__subscription_id=late.id)
    try_again_later(PaymentDeclined(attempt.payment_id, attempt.reference, "expired", now()))
    pay_with("paid", late.hosted_url)
    with webhooks_arrive():
        run_jobs()
    assert api.get_subscription(late.id).state is State.ACTIVE


def test_a_trial_needs_a_card_and_costs_nothing_until_it_ends(viewer, channel, balances) -> None:
    plan = make_plan(channel, trial_days=7)
    begun = begin(viewer, plan)
    assert begun.state is State.TRIALING
    assert begun.period_end - begun.period_start == timedelta(days=7)
    assert balances() == {}
    assert list_memberships(viewer.id, now())
    advance_due(at=begun.period_end - timedelta(minutes=1))
    assert balances() == {}
    advance_due(at=begun.period_end)
    renewed = api.get_subscription(begun.id)
    assert renewed.state is State.ACTIVE
    assert renewed.period_start == begun.period_end
    assert balances()["gateway:sandbox"] == 1_000


def test_a_trial_is_for_once_and_the_next_time_one_pays_at_once(viewer, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    begun = begin(viewer, plan)
    api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=now())
    advance_due(at=begun.period_end)
    assert api.get_subscription(begun.id).state is State.ENDED
    assert begin(viewer, plan).state is State.ACTIVE


def test_a_card_kept_for_something_else_begins_no_trial(viewer, stranger, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    waiting = click(viewer, plan.terms[0])
    begin(viewer, make_plan(make_channel(stranger)))
    assert api.get_subscription(waiting.id).state is State.PENDING
    advance_due(at=now() + timedelta(days=1, minutes=1))
    assert api.get_subscription(waiting.id).state is State.ENDED


def test_another_choice_closes_a_trial_that_waits_for_its_card(viewer, channel) -> None:
    plan = make_plan(channel, year=9_000, trial_days=7)
    waiting = click(viewer, plan.terms[0])
    assert click(viewer, plan.terms[0], key="tab").hosted_url == waiting.hosted_url
    chosen = begin(viewer, plan, yearly=True)
    assert api.get_subscription(waiting.id).state is State.ENDED
    assert chosen.state is State.TRIALING


def test_who_comes_back_from_the_page_is_expected_and_a_kept_card_counts_at_once(viewer, stranger, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    waiting = click(viewer, plan.terms[0])
    with pytest.raises(NotFoundError):
        api.note_return(subscription_id=waiting.id, subscriber_id=stranger.id, at=now())
    pay_with("paid", waiting.hosted_url)
    api.note_return(subscription_id=waiting.id, subscriber_id=viewer.id, at=now())
    assert api.get_subscription(waiting.id).state is State.TRIALING
    api.note_return(subscription_id=waiting.id, subscriber_id=viewer.id, at=now())


def test_the_first_price_holds_for_so_many_periods_and_only_the_first_time(viewer, channel, balances) -> None:
    plan = make_plan(channel, intro_price=Money(100, "EUR"), intro_periods=1)
    begun = begin(viewer, plan)
    advance_due(at=begun.period_end)
    assert [invoice.amount.amount_minor for invoice in api.list_invoices(begun.id)] == [1_000, 100]
    api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=now())
    advance_due(at=api.get_subscription(begun.id).period_end)
    again = begin(viewer, plan)
    assert [invoice.amount.amount_minor for invoice in api.list_invoices(again.id)] == [1_000]


def test_a_subscription_of_a_channel_is_one_by_the_database(viewer, plan) -> None:
    begun = click(viewer, plan.terms[0])
    row = SubscriptionRow.objects.get(pk=begun.id)
    row.pk, row.idempotency_key = new_id(), "other"
    invoice = InvoiceRow.objects.get(subscription_id=begun.id)
    invoice.pk = new_id()
    for twin, name in ((row, "subscriptions_subscription_one"), (invoice, "subscriptions_invoice_one")):
        twin._state.adding = True
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            twin.save()

"""One payment through its whole life, with each of the sandbox's test cards."""

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.api import PaymentState, get_payment, list_payment_events
from footlights.payments.models import GatewayEvent
from footlights.payments.testing import pay, pay_with, settle_unknown, webhooks_arrive

pytestmark = pytest.mark.django_db


def state_of(payment) -> PaymentState:
    return get_payment(payment.id).state


def test_a_payment_waits_on_the_hosted_page(payment) -> None:
    assert payment.state is PaymentState.OPEN
    assert payment.hosted_url.startswith("/sandbox-gateway/cs_")


@pytest.mark.parametrize(
    ("card", "state"),
    [
        ("paid", PaymentState.CAPTURED),
        ("declined", PaymentState.DECLINED),
        ("twice", PaymentState.CAPTURED),
        ("altered", PaymentState.FLAGGED),
        ("lost", PaymentState.OPEN),
        ("late", PaymentState.OPEN),
        ("challenge", PaymentState.OPEN),
        ("broke", PaymentState.DECLINED),
        ("expired", PaymentState.DECLINED),
        ("forged", PaymentState.OPEN),
        ("slow_clock", PaymentState.OPEN),
        ("fast_clock", PaymentState.OPEN),
        ("disputed", PaymentState.CAPTURED),
    ],
)
def test_each_card_ends_where_it_says(payment, card: str, state: PaymentState) -> None:
    pay(card, payment.hosted_url)
    assert state_of(payment) is state


def test_a_late_webhook_still_counts(payment) -> None:
    pay("late", payment.hosted_url)
    with webhooks_arrive():
        run_jobs(until=now() + timedelta(minutes=2))
    assert state_of(payment) is PaymentState.CAPTURED


def test_a_lost_answer_is_unknown_until_the_sweep_learns_it(payment) -> None:
    pay("lost", payment.hosted_url)
    later = now() + timedelta(minutes=2)
    settle_unknown(at=later)
    assert state_of(payment) is PaymentState.UNKNOWN
    settle_unknown(at=later + timedelta(minutes=1))
    settle_unknown(at=later + timedelta(minutes=2))
    assert state_of(payment) is PaymentState.CAPTURED
    assert [event.name for event in list_payment_events(payment.id)] == [
        "asked", "open", "no_answer", "no_answer", "fetched", "captured",
    ]  # fmt: skip


def test_a_webhook_that_comes_twice_is_kept_once(payment) -> None:
    pay_with("twice", payment.hosted_url)
    with webhooks_arrive() as answers:
        run_jobs()
    assert answers == [204, 204]
    assert GatewayEvent.objects.count() == 1


def test_an_altered_amount_is_told_with_both_figures(payment) -> None:
    pay("altered", payment.hosted_url)
    flagged = get_payment(payment.id)
    assert (flagged.amount, flagged.seen_amount) == (Money(400, "EUR"), Money(200, "EUR"))


@pytest.mark.parametrize("card", ["forged", "slow_clock", "fast_clock"])
def test_a_webhook_that_cannot_be_trusted_is_refused_and_the_sweep_learns_the_truth(payment, card: str) -> None:
    pay_with(card, payment.hosted_url)
    with webhooks_arrive() as answers:
        run_jobs()
    assert answers == [400]
    assert not GatewayEvent.objects.exists()
    settle_unknown(at=now() + timedelta(minutes=2))
    assert state_of(payment) is PaymentState.CAPTURED

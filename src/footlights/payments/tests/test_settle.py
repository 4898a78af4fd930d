import uuid
from datetime import timedelta
from itertools import pairwise

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.payments import events, jobs
from footlights.payments.adapters.gateway import CheckoutStatus
from footlights.payments.api import (
    GatewayRefusedError,
    GatewayUnreachableError,
    NothingToRefundError,
    PaymentState,
    cancel_payment,
    count_payments_by_state,
    get_payment,
    list_payment_events,
    note_return,
    payment_totals,
    receive_webhook,
    refund_payment,
    settle_payment,
)
from footlights.payments.models import GatewayEvent, PaymentEventRow, PaymentRow, RefundRow
from footlights.payments.testing import settle_unknown
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(gateway):
    return ask()


def decide(gateway, payment, status: CheckoutStatus, **truth):
    gateway.decide(payment.gateway_ref, status, **truth)
    return settle_payment(payment_id=payment.id, at=now())


@pytest.mark.parametrize(
    ("status", "state", "event"),
    [
        (CheckoutStatus.OPEN, PaymentState.OPEN, None),
        (CheckoutStatus.PAID, PaymentState.CAPTURED, events.PaymentCaptured),
        (CheckoutStatus.DECLINED, PaymentState.DECLINED, events.PaymentDeclined),
        (CheckoutStatus.EXPIRED, PaymentState.CANCELLED, events.PaymentDeclined),
    ],
)
def test_the_gateways_word_is_told_once(gateway, payment, published, status, state, event) -> None:
    for _ in range(3):
        assert decide(gateway, payment, status).state is state
    assert [type(fact) for fact in published] == ([event] if event else [])


def test_a_refund_made_at_the_gateway_is_told_as_capture_and_refund(gateway, payment, published) -> None:
    gateway.give_back(payment.gateway_ref, payment.amount)
    assert decide(gateway, payment, CheckoutStatus.PAID).state is PaymentState.REFUNDED
    assert [type(fact) for fact in published] == [events.PaymentCaptured, events.PaymentRefunded]
    calls = len(gateway.calls)
    settle_payment(payment_id=payment.id, at=now())
    assert len(gateway.calls) == calls  # nothing can follow, so nobody is asked


@pytest.mark.parametrize("seen", [Money(399, "EUR"), Money(401, "EUR"), Money(400, "USD"), Money(0, "EUR")])
def test_another_amount_or_currency_is_flagged_and_never_captured(gateway, payment, published, seen: Money) -> None:
    flagged = decide(gateway, payment, CheckoutStatus.PAID, amount=seen)
    assert (flagged.state, flagged.amount, flagged.seen_amount) == (PaymentState.FLAGGED, Money(400, "EUR"), seen)
    assert [type(fact) for fact in published] == [events.PaymentUnsettled]
    story = list_payment_events(payment.id)[-1].detail
    assert payment.amount.format() in story
    assert seen.format() in story
    assert balance_of("platform:suspense", seen.currency) == -seen


@pytest.mark.parametrize("seen", [Money(399, "EUR"), Money(0, "EUR")])
def test_flagged_money_goes_back_and_leaves_the_books_level(gateway, payment, published, seen: Money) -> None:
    decide(gateway, payment, CheckoutStatus.PAID, amount=seen)
    assert refund_payment(payment_id=payment.id, idempotency_key="r", at=now()).state is PaymentState.REFUNDED
    assert not balance_of("platform:suspense", "EUR")
    assert not balance_of("gateway:obedient", "EUR")
    assert published[-1].amount == seen


def test_silence_makes_an_open_payment_unknown_and_it_is_told_once(gateway, payment, published) -> None:
    gateway.silent = True
    for _ in range(2):
        assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.UNKNOWN
    assert [type(fact) for fact in published] == [events.PaymentUnsettled]
    gateway.silent = False
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.OPEN


def test_paid_wins_over_an_earlier_nothing_was_charged(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.DECLINED)
    assert decide(gateway, payment, CheckoutStatus.PAID).state is PaymentState.CAPTURED


def test_nothing_was_charged_never_undoes_a_capture(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.PAID)
    assert decide(gateway, payment, CheckoutStatus.DECLINED).state is PaymentState.CAPTURED


def test_the_sweep_asks_less_and_less_often(gateway, payment) -> None:
    asked_at, at = [], now()
    for _ in range(500):
        at += timedelta(minutes=1)
        if settle_unknown(at=at):
            asked_at.append(at)
    waits = [later - earlier for earlier, later in pairwise(asked_at)]
    assert waits == sorted(waits)
    assert len(asked_at) < 20


def test_the_sweep_leaves_what_is_settled_alone(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.PAID)
    assert settle_unknown(at=now() + timedelta(days=2)) == 0


def test_a_cancelled_page_takes_no_money(gateway, payment, published) -> None:
    assert cancel_payment(payment_id=payment.id, at=now()).state is PaymentState.CANCELLED
    assert cancel_payment(payment_id=payment.id, at=now()).state is PaymentState.CANCELLED
    assert gateway.calls.count("expire") == 1


def test_cancelling_a_page_that_was_just_paid_is_a_capture(gateway, payment) -> None:
    gateway.decide(payment.gateway_ref, CheckoutStatus.PAID)
    assert cancel_payment(payment_id=payment.id, at=now()).state is PaymentState.CAPTURED


def test_a_page_that_was_never_answered_is_closed_too(gateway) -> None:
    gateway.silent = True
    with pytest.raises(GatewayUnreachableError):
        ask()
    gateway.silent = False
    payment_id = PaymentRow.objects.get().pk
    assert cancel_payment(payment_id=payment_id, at=now()).state is PaymentState.CANCELLED


def test_what_does_not_exist_is_not_cancelled(gateway) -> None:
    with pytest.raises(NotFoundError):
        cancel_payment(payment_id=uuid.uuid4(), at=now())


def test_a_refund_goes_out_once_however_often_it_is_asked_for(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.PAID)
    for key in ("r", "r", "another"):
        assert refund_payment(payment_id=payment.id, idempotency_key=key, at=now()).state is PaymentState.REFUNDED
    given = gateway.truths[payment.gateway_ref].refunds
    assert [refund.key for refund in given] == [str(RefundRow.objects.get().pk)]
    assert RefundRow.objects.get().done_at


def test_a_key_refunds_one_payment(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.PAID)
    refund_payment(payment_id=payment.id, idempotency_key="r", at=now())
    other = ask(reference="thing:2", idempotency_key="k2")
    decide(gateway, other, CheckoutStatus.PAID)
    with pytest.raises(IdempotencyConflictError):
        refund_payment(payment_id=other.id, idempotency_key="r", at=now())
    assert get_payment(other.id).state is PaymentState.CAPTURED


def test_a_refund_before_the_capture_is_known_asks_first(gateway, payment) -> None:
    gateway.decide(payment.gateway_ref, CheckoutStatus.PAID)
    assert refund_payment(payment_id=payment.id, idempotency_key="r", at=now()).state is PaymentState.REFUNDED


@pytest.mark.parametrize(
    ("status", "sentence"), [(CheckoutStatus.OPEN, "not known yet"), (CheckoutStatus.DECLINED, "never charged")]
)
def test_what_was_not_charged_is_not_refunded(gateway, payment, status, sentence: str) -> None:
    gateway.decide(payment.gateway_ref, status)
    with pytest.raises(NothingToRefundError, match=sentence):
        refund_payment(payment_id=payment.id, idempotency_key="r", at=now())
    assert not RefundRow.objects.exists()


def test_a_refund_that_was_not_answered_is_finished_by_the_sweep(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.PAID)
    gateway.silent = True
    assert refund_payment(payment_id=payment.id, idempotency_key="r", at=now()).state is PaymentState.CAPTURED
    assert refund_payment(payment_id=payment.id, idempotency_key="r", at=now()).state is PaymentState.CAPTURED
    gateway.silent = False
    assert settle_unknown(at=now()) == 0  # not yet: the first try may still be under way
    assert settle_unknown(at=now() + timedelta(minutes=1)) == 1
    assert get_payment(payment.id).state is PaymentState.REFUNDED
    jobs.give_back.func(refund_id=str(RefundRow.objects.get().pk))  # a job that comes late finds it done
    assert len(gateway.truths[payment.gateway_ref].refunds) == 1


def test_a_buyers_return_asks_the_gateway_once_and_soon(gateway, payment) -> None:
    for _ in range(3):
        note_return(payment_id=payment.id, at=now())
    gateway.decide(payment.gateway_ref, CheckoutStatus.PAID)
    assert run_jobs(only="payments.settle") == 0
    assert run_jobs(until=now() + timedelta(seconds=4), only="payments.settle") == 1
    assert get_payment(payment.id).state is PaymentState.CAPTURED


def test_a_return_after_all_is_settled_asks_nobody(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.DECLINED)
    note_return(payment_id=payment.id, at=now())
    assert run_jobs(until=now() + timedelta(minutes=1), only="payments.settle") == 0


def test_the_clock_sweeps(gateway, payment) -> None:
    PaymentRow.objects.update(next_check_at=now())
    gateway.decide(payment.gateway_ref, CheckoutStatus.PAID)
    for _ in range(2):
        jobs.sweep.func(timestamp=0)
    assert run_jobs(only="payments.settle") == 1
    assert get_payment(payment.id).state is PaymentState.CAPTURED


def test_totals_and_counts_tell_what_came_and_went(gateway, payment) -> None:
    decide(gateway, payment, CheckoutStatus.PAID)
    other = ask(reference="thing:2", idempotency_key="k2", amount=Money(300, "EUR"))
    gateway.give_back(other.gateway_ref, other.amount)
    decide(gateway, other, CheckoutStatus.PAID)
    ask(reference="thing:3", idempotency_key="k3", amount=Money(300, "USD"))
    totals = {total.captured.currency: total for total in payment_totals(now() - timedelta(days=1), now())}
    assert totals["EUR"].captured == Money(400, "EUR")
    assert totals["EUR"].refunded == Money(300, "EUR")
    assert not totals["USD"].captured
    assert count_payments_by_state() == {"captured": 1, "refunded": 1, "open": 1}


def test_rows_say_what_they_are(gateway, payment) -> None:
    assert str(PaymentRow.objects.get()) == "thing:1"
    assert str(PaymentEventRow.objects.earliest("id")) == "€4.00 asked for: A thing."
    decide(gateway, payment, CheckoutStatus.PAID)
    refund_payment(payment_id=payment.id, idempotency_key="r", at=now())
    assert str(RefundRow.objects.get()) == "r"


def test_a_gateway_that_knows_the_payment_no_more_stops_nobody_elses(gateway, payment) -> None:
    other = ask(reference="thing:2", idempotency_key="k2")
    gateway.decide(other.gateway_ref, CheckoutStatus.PAID)
    gateway.refused.add(payment.gateway_ref)
    settle_unknown(at=now() + timedelta(minutes=2))
    assert get_payment(payment.id).state is PaymentState.OPEN
    assert get_payment(other.id).state is PaymentState.CAPTURED
    assert "refused" in [event.name for event in list_payment_events(payment.id)]


def test_a_payment_the_gateway_will_not_take_is_declined(gateway) -> None:
    gateway.refused.add("")
    with pytest.raises(GatewayRefusedError):
        ask()
    assert PaymentRow.objects.get().state == PaymentState.DECLINED


def test_an_event_of_something_we_do_not_care_for_is_over_when_it_was_looked_at(gateway, monkeypatch) -> None:
    monkeypatch.setattr(gateway, "fetch_event", lambda _: None)
    receive_webhook(gateway="obedient", headers={}, body=b"evt", at=now())
    run_jobs(only="payments.handle_event")
    assert GatewayEvent.objects.get().handled_at

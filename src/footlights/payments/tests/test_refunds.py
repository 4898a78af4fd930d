"""Money that goes back, whole or in parts, and what the gateway keeps."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of, list_balances, list_journal
from footlights.payments import events
from footlights.payments.adapters.gateway import CheckoutStatus, RefundStatus
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.api import (
    GatewayRefusedError,
    PaymentState,
    RefundState,
    RefundTooLargeError,
    get_payment,
    list_payment_causes,
    list_refunds,
    refund_payment,
    settle_payment,
)
from footlights.payments.causes import cost_cause
from footlights.payments.models import PaymentRow, RefundRow
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.testing import pay
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def payment(gateway):
    opened = ask()
    gateway.decide(opened.gateway_ref, CheckoutStatus.PAID)
    return settle_payment(payment_id=opened.id, at=now())


def refund(payment, amount: int | None = None, key: str = "r"):
    return refund_payment(
        payment_id=payment.id, idempotency_key=key, at=now(), amount=None if amount is None else euro(amount)
    )


def learn(payment):
    """As a webhook does: also of a payment that is over."""
    checkout = gateway_named(payment.gateway).fetch_checkout(payment.gateway_ref)
    record_truth(payment_id=payment.id, checkout=checkout, at=now())
    return get_payment(payment.id)


def test_parts_go_back_until_nothing_is_left(payment, published) -> None:
    assert (refund(payment, 100).state, refund(payment, 100).refunded) == (PaymentState.CAPTURED, euro(100))
    whole = refund(payment, 300, key="r2")
    assert (whole.state, whole.refunded) == (PaymentState.REFUNDED, euro(400))
    told = [fact for fact in published if isinstance(fact, events.PaymentRefunded)]
    assert [(fact.amount, fact.refunded, fact.is_whole) for fact in told] == [
        (euro(100), euro(100), False),
        (euro(300), euro(400), True),
    ]
    assert [fact.refund_id for fact in told] == [refund.id for refund in list_refunds(payment.id)]


def test_what_is_left_goes_back_when_no_amount_is_named(payment) -> None:
    refund(payment, 150)
    assert refund(payment, key="rest").state is PaymentState.REFUNDED
    assert [refund.amount for refund in list_refunds(payment.id)] == [euro(150), euro(250)]


@pytest.mark.parametrize("amount", [401, 301])
def test_more_than_is_left_does_not_go_back(payment, amount: int) -> None:
    refund(payment, 100)
    with pytest.raises(RefundTooLargeError, match="Only €3"):
        refund(payment, amount, key="r2")
    assert get_payment(payment.id).refunded == euro(100)


@pytest.mark.parametrize("amount", [euro(0), euro(-1), Money(100, "USD")])
def test_an_amount_that_is_none_of_it_is_refused(payment, amount: Money) -> None:
    with pytest.raises(InvalidInputError):
        refund_payment(payment_id=payment.id, idempotency_key="r", at=now(), amount=amount)
    assert not RefundRow.objects.exists()


def test_a_key_is_one_refund(payment) -> None:
    refund(payment, 100)
    with pytest.raises(IdempotencyConflictError):
        refund(payment, 200)
    assert refund(payment).refunded == euro(100)


def test_the_database_itself_gives_no_more_back_than_was_charged(payment) -> None:
    def write(amount: int) -> None:
        RefundRow.objects.create(
            payment_id=payment.id, idempotency_key=str(amount), amount_minor=amount, currency="EUR", asked_at=now()
        )

    write(399)
    with pytest.raises(IntegrityError, match="payments_payment_returns"), transaction.atomic():
        write(2)
    RefundRow.objects.all().delete()
    write(400)


def test_a_refund_made_at_the_gateway_itself_is_ours_too(payment, gateway, published) -> None:
    gateway.give_back(payment.gateway_ref, euro(100))
    for _ in range(2):
        assert settle_payment(payment_id=payment.id, at=now()).refunded == euro(100)
    assert [type(fact) for fact in published].count(events.PaymentRefunded) == 1
    assert str(RefundRow.objects.get()) == "obedient:re-0"


def test_a_refund_with_a_key_that_is_not_ours_is_adopted(payment, gateway) -> None:
    gateway.give_back(payment.gateway_ref, euro(100), key=str(uuid.uuid4()))
    assert settle_payment(payment_id=payment.id, at=now()).refunded == euro(100)


def test_a_refund_under_way_is_told_when_it_is_done(payment, gateway, published) -> None:
    gateway.give_back(payment.gateway_ref, euro(400), status=RefundStatus.PENDING)
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.CAPTURED
    gateway.finish_refund(payment.gateway_ref, RefundStatus.DONE)
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.REFUNDED


def test_a_refund_that_fails_at_once_can_be_made_again(payment, gateway, published) -> None:
    gateway.give_back(payment.gateway_ref, euro(400), status=RefundStatus.FAILED)
    assert settle_payment(payment_id=payment.id, at=now()).refunded == euro(0)
    assert refund(payment).state is PaymentState.REFUNDED
    assert events.RefundFailed not in {type(fact) for fact in published}


def test_a_refund_that_comes_back_later_is_undone_and_told_once(payment, gateway, published) -> None:
    refund(payment)
    gateway.finish_refund(payment.gateway_ref, RefundStatus.FAILED)
    for _ in range(2):
        back = learn(payment)
        assert (back.state, back.refunded) == (PaymentState.CAPTURED, euro(0))
    assert [type(fact) for fact in published].count(events.RefundFailed) == 1
    assert [refund.state for refund in list_refunds(payment.id)] == [RefundState.FAILED]


def test_flagged_money_that_comes_back_is_in_suspense_again(gateway) -> None:
    opened = ask()
    gateway.decide(opened.gateway_ref, CheckoutStatus.PAID, amount=euro(399))
    refund(opened)
    gateway.finish_refund(opened.gateway_ref, RefundStatus.FAILED)
    assert learn(opened).state is PaymentState.FLAGGED
    assert balance_of("platform:suspense", "EUR") == euro(-399)
    assert any(list_journal(cause) for cause in list_payment_causes(opened.id))


def test_what_the_gateway_keeps_is_booked_once_when_it_is_known(payment, gateway) -> None:
    for _ in range(2):
        gateway.charge_cost(payment.gateway_ref, euro(31))
        assert settle_payment(payment_id=payment.id, at=now()).cost == euro(31)
    assert balance_of("gatewaycost:obedient", "EUR") == euro(31)
    assert balance_of("gateway:obedient", "EUR") == euro(-31)


@pytest.mark.parametrize(
    ("asked", "cost"),
    [(euro(400), 31), (euro(1), 1), (Money(1000, "JPY"), 15), (Money(4000, "KWD"), 310)],
)
def test_the_sandbox_keeps_a_part_like_a_real_one(db, asked: Money, cost: int) -> None:
    make_person()
    payment = ask(amount=asked)
    pay("paid", payment.hosted_url)
    assert get_payment(payment.id).cost == Money(cost, asked.currency)
    assert len(list_journal(cost_cause(payment.id))) == 2
    assert not sum(balance.amount.amount_minor for balance in list_balances())


def test_a_refund_the_gateway_will_not_make_says_so_and_can_be_asked_for_again(payment, gateway, monkeypatch) -> None:
    def refuse(**_):
        raise GatewayRefusedError("Not enough money there.")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "refund", refuse)
        with pytest.raises(GatewayRefusedError):
            refund(payment, 100)
    assert [refund.state for refund in list_refunds(payment.id)] == [RefundState.FAILED]
    assert refund(payment, 100, key="r2").refunded == euro(100)


def test_a_refund_the_gateway_made_and_whose_key_it_forgot_is_done(payment, gateway, monkeypatch) -> None:
    def refuse(*, ref: str, key: str, amount: Money):
        gateway.give_back(ref, amount, key=key)
        raise GatewayRefusedError("It was given back already.")

    monkeypatch.setattr(gateway, "refund", refuse)
    assert refund(payment, 100).refunded == euro(100)


class AnyRefunds(TestCase):
    """Whatever is asked for, in whatever order: what went back is never more than came."""

    @settings(max_examples=25)
    @given(st.lists(st.integers(min_value=1, max_value=500), max_size=6))
    def test_together_never_more_than_was_charged(self, amounts: list[int]) -> None:
        row = PaymentRow.objects.create(
            id=new_id(), idempotency_key=str(new_id()), reference=str(new_id()), amount_minor=400, currency="EUR",
            description="", return_path="", gateway="sandbox", state=PaymentState.CAPTURED, created_at=now(),
            state_at=now(),
        )  # fmt: skip
        left = 400
        for amount in amounts:
            fits = amount <= left
            try:
                with transaction.atomic():
                    RefundRow.objects.create(
                        payment=row, idempotency_key=str(new_id()), amount_minor=amount, currency="EUR",
                        asked_at=now(), state=RefundState.DONE if amount % 2 else RefundState.ASKED,
                    )  # fmt: skip
                    left -= amount
            except IntegrityError:
                assert not fits
            else:
                assert fits
        row.refresh_from_db()
        assert row.returning_minor == 400 - left
        done = RefundRow.objects.filter(payment=row, state=RefundState.DONE)
        assert row.refunded_minor == sum(refund.amount_minor for refund in done)

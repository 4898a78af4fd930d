import uuid

import pytest
from django.db import transaction

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.payments.api import (
    GatewayUnreachableError,
    PaymentsClosedError,
    PaymentState,
    find_payment_by_reference,
    get_payment,
    list_payments,
    open_payment,
    settle_payment,
)
from footlights.payments.models import PaymentRow
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db


def test_two_clicks_are_one_payment_and_one_page(gateway) -> None:
    first, second = ask(), ask()
    assert first == second
    assert (PaymentRow.objects.count(), gateway.calls) == (1, ["open"])


@pytest.mark.parametrize(
    "other",
    [
        {"amount": Money(500, "EUR")},
        {"amount": Money(400, "USD")},
        {"reference": "thing:2"},
        {"return_path": "/elsewhere"},
    ],
)
def test_the_same_key_for_something_else_is_an_error(gateway, other: dict) -> None:
    ask()
    with pytest.raises(IdempotencyConflictError):
        ask(**other)


def test_a_thing_is_asked_for_once(gateway) -> None:
    ask()
    with pytest.raises(IdempotencyConflictError):
        ask(idempotency_key="another")


@pytest.mark.parametrize("amount_minor", [0, -1, MAX_AMOUNT_MINOR + 1])
def test_an_amount_nobody_can_pay_is_refused(gateway, amount_minor: int) -> None:
    with pytest.raises(InvalidInputError):
        ask(amount=Money(amount_minor, "EUR"))
    assert not PaymentRow.objects.exists()


def test_a_page_that_could_not_be_opened_is_opened_by_the_next_click(gateway) -> None:
    gateway.silent = True
    with pytest.raises(GatewayUnreachableError):
        ask()
    assert find_payment_by_reference("thing:1").state is PaymentState.OPENING
    gateway.silent = False
    assert ask().state is PaymentState.OPEN
    assert len(gateway.truths) == 1


def test_a_page_whose_opening_was_not_answered_is_found_again_by_asking(gateway) -> None:
    gateway.silent = True
    with pytest.raises(GatewayUnreachableError):
        ask()
    payment = find_payment_by_reference("thing:1")
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.OPENING
    gateway.silent = False
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.OPEN


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_never_opened_inside_a_transaction(gateway) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        open_payment(
            reference="r", amount=Money(1, "EUR"), description="", return_path="/", idempotency_key="k", at=now()
        )


def test_payments_are_found_by_what_an_administrator_has_at_hand(gateway) -> None:
    one, two = ask(), ask(reference="thing:2", idempotency_key="k2", amount=Money(700, "EUR"), description="Else")
    assert list_payments() == [two, one]
    assert list_payments(text=str(one.id)) == [one]
    assert list_payments(text=f" {two.gateway_ref} ") == [two]
    assert list_payments(text="2") == [two]
    assert list_payments(text="a THING") == [one]
    assert list_payments(amount_minor=700) == [two]
    assert list_payments(references=["thing:1"]) == [one]
    assert list_payments(state=PaymentState.CAPTURED) == []
    assert list_payments(limit=1, offset=1) == [one]
    assert find_payment_by_reference("thing:3") is None


def test_there_is_no_payment_nobody_asked_for(gateway) -> None:
    for missing in (get_payment, lambda it: settle_payment(payment_id=it, at=now())):
        with pytest.raises(NotFoundError):
            missing(uuid.uuid4())


def test_public_address_opens_no_test_payment(db, settings):
    settings.SANDBOX_SELLS = False
    with pytest.raises(PaymentsClosedError):
        ask()
    assert not PaymentRow.objects.exists()


def test_public_address_opens_a_real_payment(gateway, db, settings):
    settings.SANDBOX_SELLS = False
    assert ask().state is PaymentState.OPEN

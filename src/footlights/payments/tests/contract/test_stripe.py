"""What is Stripe's alone: its amounts, its errors, what its events tell of, and a payment through all of it."""

import json
from datetime import UTC, date, datetime

import pytest
import stripe
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.adapters.gateway import CheckoutStatus, RefundStatus, SetupStatus, TransferStatus
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.adapters.stripe import movements, truths
from footlights.payments.adapters.stripe.amounts import from_stripe, to_stripe
from footlights.payments.adapters.stripe.calls import asking
from footlights.payments.api import (
    GatewayForbiddenError,
    GatewayRefusedError,
    GatewayUnreachableError,
    PaymentState,
    WebhookRefusedError,
    find_default_method,
    get_payment,
    is_sandbox,
    list_disputes,
    open_payment,
    refund_payment,
)
from footlights.payments.tests.contract.drivers import StripeDriver
from footlights.payments.tests.contract.stripe_service import EXAMPLES, serving
from footlights.payments.tests.contract.test_every_gateway import PRICE, an_order, kept_method

pytestmark = pytest.mark.django_db


@pytest.fixture
def driver(settings):
    with serving() as (service, settings.STRIPE_API):
        settings.STRIPE_SECRET_KEY = "sk_test_" + "nothing"
        settings.STRIPE_WEBHOOK_SECRETS = [StripeDriver.secret]
        settings.PAYMENT_GATEWAY = "stripe"
        make_person()
        yield StripeDriver(service)


@pytest.fixture
def gateway():
    return gateway_named("stripe")


def example(kind: str, **changes):
    return stripe.StripeObject.construct_from(EXAMPLES[kind] | changes, "key")


def tell(driver, kind: str, about, account: str | None = None) -> None:
    """Stripe knocks, and what follows happens."""
    event = driver.service.event(kind, about, account)
    body = json.dumps({"id": event, "object": "event"} | ({"account": account} if account else {})).encode()
    headers = driver.signed(body, now())
    answer = Client().post("/webhooks/stripe", body, content_type="application/json", headers=headers)
    assert answer.status_code == 204
    run_jobs(only="payments.handle_event")


# A whole life.


def test_a_payment_from_the_click_to_the_refund(driver) -> None:
    payer = make_person().id
    payment = open_payment(
        reference="thing:1", amount=PRICE, description="A thing", return_path="/back", idempotency_key="k", at=now(),
        payer_id=payer, save_method=True,
    )  # fmt: skip
    assert payment.hosted_url.startswith("https://checkout.stripe.com/")
    assert not is_sandbox()
    driver.service.pay(payment.gateway_ref)
    for _ in range(2):
        tell(driver, "checkout.session.completed", payment.gateway_ref)
    captured = get_payment(payment.id)
    assert (captured.state, captured.cost) == (PaymentState.CAPTURED, Money(31, "EUR"))
    assert find_default_method(payer).label == "Visa •••• 4242"

    refund_payment(payment_id=payment.id, idempotency_key="r", at=now(), amount=Money(100, "EUR"))
    intent = driver.service.things[payment.gateway_ref]["payment_intent"]
    driver.service.post_refunds({"payment_intent": intent, "amount": "300"})  # somebody does it at Stripe
    tell(driver, "charge.refunded", driver.service.things[intent]["latest_charge"])
    assert get_payment(payment.id).state is PaymentState.REFUNDED


def test_a_dispute_is_heard_of_and_an_inquiry_is_not_one(driver) -> None:
    payment = open_payment(
        reference="thing:1", amount=PRICE, description="", return_path="/back", idempotency_key="k", at=now()
    )
    driver.service.pay(payment.gateway_ref)
    intent = driver.service.things[payment.gateway_ref]["payment_intent"]
    inquiry = driver.service.dispute(intent, status="warning_needs_response")
    tell(driver, "charge.dispute.created", inquiry)
    assert list_disputes() == []
    with pytest.raises(GatewayRefusedError):
        driver.gateway.fetch_contest(inquiry)
    tell(driver, "charge.dispute.created", driver.service.dispute(intent))
    assert get_payment(payment.id).state is PaymentState.CAPTURED
    assert [dispute.reason for dispute in list_disputes()] == ["product not received"]


# Events.


def test_each_event_leads_to_the_truth_behind_it(driver) -> None:
    customer, method = kept_method(driver, str(new_id()))
    charge = driver.gateway.charge(an_order("r", customer_ref=customer, method_ref=method.ref))
    page = driver.gateway.open_checkout(an_order("r2"))
    setup = driver.gateway.open_setup(reference="s", customer_ref=customer, return_path="/back")
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")
    sent = driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)
    payouts = {thing["id"] for thing in driver.service.things.values() if thing["object"] == "payout"}
    other = driver.service.post_payouts({"_account": account.ref, "amount": "5", "metadata": {}, "currency": "eur"})

    def truth(about, of: str | None = None):
        event = driver.service.event("anything", about, of)
        return driver.gateway.fetch_event(f"{of}/{event}" if of else event)

    assert truth(charge.ref) == charge
    assert truth(driver.service.things[charge.ref]["latest_charge"]) == charge
    assert truth(page.ref) == page
    assert truth(setup.ref) == setup
    assert truth(account.ref, account.ref).ref == account.ref
    assert truth(payouts.pop(), account.ref) == sent
    assert truth(other["id"], account.ref) is None
    assert truth(other["id"]) is None
    assert truth(customer) is None
    assert truth({"object": "refund", "id": "re", "payment_intent": None}) is None


def test_an_event_of_a_connected_account_is_named_with_it(driver) -> None:
    body = b'{"id": "evt_1", "account": "acct_1"}'
    assert driver.gateway.verify_webhook(headers=driver.signed(body, now()), body=body, at=now()) == "acct_1/evt_1"


def test_a_signed_body_that_is_no_event_is_refused(driver) -> None:
    with pytest.raises(WebhookRefusedError, match="no event"):
        driver.gateway.verify_webhook(headers=driver.signed(b"[]", now()), body=b"[]", at=now())


# Errors.


def test_a_page_is_opened_past_an_error_that_stripe_keeps(driver) -> None:
    driver.service.errors_to_store = 1
    assert driver.gateway.open_checkout(an_order("r")).status is CheckoutStatus.OPEN
    assert driver.service.keys == ["checkout:r", "checkout:r:again"]


def test_silence_is_not_an_answer(driver) -> None:
    driver.service.silent = True
    with pytest.raises(GatewayUnreachableError):
        driver.gateway.open_checkout(an_order("r"))


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (stripe.AuthenticationError("no", http_status=401), GatewayUnreachableError),
        (stripe.RateLimitError("no", http_status=429), GatewayUnreachableError),
        (stripe.APIError("no", http_status=503), GatewayUnreachableError),
        (stripe.APIError("no"), GatewayUnreachableError),
        (stripe.InvalidRequestError("no", "amount", http_status=400), GatewayRefusedError),
    ],
)
def test_an_error_means_that_nobody_knows_or_that_it_will_not(error, meaning) -> None:
    with pytest.raises(meaning), asking():
        raise error


def test_a_refund_whose_answer_was_an_error_is_found_and_made_once(driver) -> None:
    page = driver.gateway.open_checkout(an_order("r"))
    driver.service.pay(page.ref)
    driver.service.errors_to_store = 1
    with pytest.raises(GatewayUnreachableError):
        driver.gateway.refund(ref=page.ref, key="one", amount=PRICE)
    assert len(driver.gateway.refund(ref=page.ref, key="one", amount=PRICE).refunds) == 1


def test_a_decline_that_left_nothing_behind_is_a_refusal(driver, monkeypatch) -> None:
    customer, method = kept_method(driver, str(new_id()))
    driver.spoil(method.ref, "broke")
    monkeypatch.setattr(driver.gateway, "find_checkout", lambda _: None)
    with pytest.raises(GatewayRefusedError):
        driver.gateway.charge(an_order("r", customer_ref=customer, method_ref=method.ref))


def test_a_refund_of_a_charge_without_a_page_is_made_too(driver) -> None:
    customer, method = kept_method(driver, str(new_id()))
    charge = driver.gateway.charge(an_order("r", customer_ref=customer, method_ref=method.ref))
    assert driver.gateway.refund(ref=charge.ref, key="k", amount=PRICE).refunds[0].amount == PRICE


def test_another_amount_than_asked_is_told_as_it_is(driver) -> None:
    page = driver.gateway.open_checkout(an_order("r"))
    driver.service.pay(page.ref, charged=200)
    assert driver.gateway.fetch_checkout(page.ref).amount == Money(200, "EUR")


# Earnings.


def test_money_that_is_not_there_yet_is_paid_out_when_it_is(driver) -> None:
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")
    driver.service.things[account.ref]["_waits"] = True
    sent = driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)
    assert sent.status is TransferStatus.PENDING
    driver.service.things[account.ref]["_waits"] = False
    driver.service.answers.pop("payout:t")
    driver.gateway.fetch_transfer(ref=sent.ref, account_ref=account.ref)
    driver.bank_says(sent, "paid")
    assert driver.gateway.fetch_transfer(ref=sent.ref, account_ref=account.ref).status is TransferStatus.PAID


def test_what_a_bank_did_not_take_is_brought_back_once(driver) -> None:
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")
    sent = driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)
    driver.bank_says(sent, "returned")
    for _ in range(3):
        again = driver.gateway.fetch_transfer(ref=sent.ref, account_ref=account.ref)
        assert again.status is TransferStatus.RETURNED
    assert driver.service.keys.count("reversal:t") == 1


def test_a_payout_that_stripe_refuses_is_a_refusal(driver, monkeypatch) -> None:
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")

    def refuse(_):
        from footlights.payments.tests.contract.stripe_service import RefusedError

        raise RefusedError(400, "invalid_request_error", "payouts_not_allowed")

    monkeypatch.setattr(driver.service, "post_payouts", refuse)
    with pytest.raises(GatewayRefusedError, match="payouts_not_allowed"):
        driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)


# Stripe's objects, and what they mean.


@pytest.mark.parametrize(
    ("status", "more", "ends", "needs_buyer"),
    [
        ("processing", {}, CheckoutStatus.OPEN, False),
        ("requires_action", {"last_payment_error": None}, CheckoutStatus.DECLINED, True),
        ("canceled", {"last_payment_error": None, "cancellation_reason": "abandoned"}, CheckoutStatus.DECLINED, False),
    ],
)
def test_an_intent_is_what_its_status_says(status: str, more: dict, ends, needs_buyer: bool) -> None:  # noqa: FBT001
    intent = stripe.PaymentIntent.construct_from(EXAMPLES["payment_intent"] | {"status": status} | more, "key")
    truth = truths.intent_truth(intent)
    assert (truth.status, truth.needs_buyer, truth.cost, truth.refunds) == (ends, needs_buyer, None, ())


@pytest.mark.parametrize(
    ("status", "ends"),
    [("pending", RefundStatus.PENDING), ("succeeded", RefundStatus.DONE), ("failed", RefundStatus.FAILED)],
)
def test_a_refund_is_what_its_status_says(status: str, ends) -> None:
    refund = stripe.Refund.construct_from(EXAMPLES["refund"] | {"status": status, "metadata": None}, "key")
    assert (truths.refund_truth(refund).status, truths.refund_truth(refund).key) == (ends, "")


@pytest.mark.parametrize(("status", "ends"), [("expired", SetupStatus.FAILED), ("complete", SetupStatus.FAILED)])
def test_a_page_on_which_nothing_was_kept_has_failed(status: str, ends) -> None:
    changes = {"status": status, "setup_intent": None, "url": None}
    session = stripe.checkout.Session.construct_from(EXAMPLES["checkout.session"] | changes, "key")
    assert truths.setup_truth(session).status is ends


@pytest.mark.parametrize(
    ("kind", "details", "label", "expires"),
    [
        (
            "card",
            {"brand": "visa", "last4": "4242", "exp_year": 2028, "exp_month": 2},
            "Visa •••• 4242",
            date(2028, 2, 29),
        ),
        ("some_bank_debit", {"last4": "3000"}, "Some bank debit •••• 3000", None),
        ("some_wallet", {}, "Some wallet", None),
    ],
)
def test_any_kind_of_method_is_told_in_the_same_words(kind: str, details: dict, label: str, expires) -> None:
    method = stripe.PaymentMethod.construct_from({"id": "pm", "type": kind, kind: details}, "key")
    kept = truths.method_truth(method)
    assert (kept.label, kept.expires_on) == (label, expires)


def test_a_dispute_without_a_fee_or_a_payment_says_so() -> None:
    changes = {"payment_intent": None, "balance_transactions": [], "status": "lost"}
    changes["evidence_details"] = EXAMPLES["dispute"]["evidence_details"] | {"due_by": None}
    contest = truths.contest_truth(stripe.Dispute.construct_from(EXAMPLES["dispute"] | changes, "key"))
    assert (contest.fee, contest.answer_by, contest.reference) == (None, None, "")
    changes["evidence_details"] |= {"due_by": 1_800_000_000}
    contest = truths.contest_truth(stripe.Dispute.construct_from(EXAMPLES["dispute"] | changes, "key"))
    assert contest.answer_by == datetime.fromtimestamp(1_800_000_000, UTC)


# Amounts.


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Money(1250, "EUR"), 1250),
        (Money(1250, "JPY"), 1250),
        (Money(12, "ISK"), 1200),
        (Money(12, "UGX"), 1200),
        (Money(1200, "MGA"), 12),
        (Money(1250, "KWD"), 1250),
    ],
)
def test_an_amount_is_written_as_stripe_writes_it(ours: Money, theirs: int) -> None:
    assert to_stripe(ours) == theirs
    assert from_stripe(theirs, ours.currency.lower()) == ours


@pytest.mark.parametrize("amount", [Money(1251, "KWD"), Money(1201, "MGA")])
def test_an_amount_stripe_cannot_write_is_refused(amount: Money) -> None:
    with pytest.raises(GatewayRefusedError):
        to_stripe(amount)


@given(st.integers(1, 10**9), st.sampled_from(["EUR", "JPY", "ISK", "KWD", "MGA", "UGX", "CLP"]))
def test_an_amount_comes_back_as_it_went(minor: int, currency: str) -> None:
    try:
        written = to_stripe(Money(minor, currency))
    except GatewayRefusedError:
        assert currency in {"KWD", "MGA"}
    else:
        assert from_stripe(written, currency.lower()) == Money(minor, currency)


# What its own account tells.


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"type": "adjustment", "amount": 500, "fee": 0, "source": "adj_1"}, [("other", 500)]),
        ({"type": "adjustment", "amount": -500, "fee": 0, "source": {"object": "dispute"}}, [("dispute", -500)]),
        ({"type": "stripe_fee", "amount": 0, "fee": 20, "source": None}, [("other", -20)]),
    ],
)
def test_what_belongs_to_no_payment_of_ours_is_told_as_what_it_is(row: dict, told: list) -> None:
    line = stripe.BalanceTransaction.construct_from(
        row | {"id": "txn", "currency": "eur", "created": 1_800_000_000}, "key"
    )
    assert [(each.kind, each.amount.amount_minor) for each in movements._movements_of(line)] == told


def test_a_page_is_not_looked_for_among_charges(gateway) -> None:
    assert gateway.find_checkout(an_order(str(new_id()))) is None


def test_a_key_that_may_not_do_this_is_no_outage() -> None:
    with pytest.raises(GatewayForbiddenError, match="does not let our key"), asking():
        raise stripe.PermissionError("no")

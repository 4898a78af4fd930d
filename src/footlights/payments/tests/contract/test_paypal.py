"""What is PayPal's alone: its amounts, its errors, what its events tell of, and a payment through all of it."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.outgoing import Answer
from footlights.kernel.testing import run_jobs
from footlights.payments.adapters.gateway import (
    CheckoutStatus,
    SetupStatus,
    TransferStatus,
)
from footlights.payments.adapters.paypal import calls, movements
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
    takes_test_money,
)
from footlights.payments.tests.contract import paypal_service
from footlights.payments.tests.contract.drivers import PayPalDriver
from footlights.payments.tests.contract.test_every_gateway import PRICE, an_order, kept_method, paid, set_up_paypal

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)


@pytest.fixture
def driver(settings):
    with paypal_service.serving() as (service, address):
        set_up_paypal(settings, address)
        settings.PAYMENT_GATEWAY = "paypal"
        make_person()
        yield PayPalDriver(service)
        calls._tokens.clear()


def tell(driver, kind: str, about: dict) -> None:
    """PayPal knocks, and what follows happens."""
    body = json.dumps({"id": driver.service.event(kind, about)}).encode()
    answer = Client().post(
        "/webhooks/paypal", body, content_type="application/json", headers=driver.signed(body, now())
    )
    assert answer.status_code == 204
    run_jobs(only="payments.handle_event")


# A whole life.


def test_a_payment_from_the_click_to_the_refund(driver, settings) -> None:
    payer = make_person().id
    payment = open_payment(
        reference="thing:1", amount=PRICE, description="A thing", return_path="/back", idempotency_key="k", at=now(),
        payer_id=payer, save_method=True,
    )  # fmt: skip
    assert payment.hosted_url.startswith("https://www.paypal.com/")
    assert not is_sandbox()
    assert not takes_test_money()
    settings.PAYPAL_API = "https://api-m.sandbox.paypal.com"
    assert takes_test_money()
    settings.PAYPAL_API = driver.service.home
    driver.service.approve(payment.gateway_ref)
    for _ in range(2):
        tell(driver, "CHECKOUT.ORDER.APPROVED", driver.service.things[payment.gateway_ref])
    captured = get_payment(payment.id)
    assert (captured.state, captured.cost) == (PaymentState.CAPTURED, Money(31, "EUR"))
    assert find_default_method(payer).label == "PayPal v••••@example.com"

    refund_payment(payment_id=payment.id, idempotency_key="r", at=now(), amount=Money(100, "EUR"))
    capture = driver.service.captures_of(payment.gateway_ref)[0]
    elsewhere = driver.service.post_captures_refund({"amount": paypal_service.money(3, "EUR")}, capture["id"])
    tell(driver, "PAYMENT.CAPTURE.REFUNDED", elsewhere)  # somebody does it at PayPal
    assert get_payment(payment.id).state is PaymentState.REFUNDED


def test_a_dispute_is_heard_of_and_an_inquiry_is_not_one(driver) -> None:
    payment = open_payment(
        reference="thing:1", amount=PRICE, description="", return_path="/back", idempotency_key="k", at=now()
    )
    driver.service.approve(payment.gateway_ref)
    driver.gateway.fetch_checkout(payment.gateway_ref)
    inquiry = driver.service.dispute(payment.gateway_ref, stage="INQUIRY")
    tell(driver, "CUSTOMER.DISPUTE.CREATED", driver.service.things[inquiry])
    assert list_disputes() == []
    with pytest.raises(GatewayRefusedError, match="only asks"):
        driver.gateway.fetch_contest(inquiry)
    tell(driver, "CUSTOMER.DISPUTE.CREATED", driver.service.things[driver.service.dispute(payment.gateway_ref)])
    assert get_payment(payment.id).state is PaymentState.CAPTURED
    assert [dispute.reason for dispute in list_disputes()] == ["merchandise or service not received"]


def test_an_answer_is_handed_in_once_and_a_long_one_as_a_document_too(driver) -> None:
    ref = driver.dispute(paid(driver, "r"))
    del driver.service.things[ref]["disputed_transactions"][0]["custom"]  # its payment is found by what was captured
    for evidence in ("They watched it. " * 200, "Other words."):
        assert driver.gateway.answer_contest(ref=ref, evidence=evidence).reference == "r"
    [parts] = driver.service.evidence
    assert len(json.loads(parts["input"])["evidences"][0]["notes"]) == 2000
    assert parts["evidence-file"].startswith(b"%PDF")


# Events.


def test_each_event_leads_to_the_truth_behind_it(driver) -> None:
    page = paid(driver, "r")
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")
    driver.choose_bank(account)
    sent = driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)
    capture = driver.service.captures_of(page.ref)[0]
    batch = {"payout_batch_id": sent.ref}
    up = {"links": [{"rel": "up", "href": f"https://api/v2/payments/captures/{capture['id']}"}]}

    def truth(kind: str, about: dict):
        return driver.gateway.fetch_event(driver.service.event(kind, about))

    assert truth("CHECKOUT.ORDER.COMPLETED", {"id": page.ref}) == page
    assert truth("PAYMENT.CAPTURE.COMPLETED", {"id": capture["id"]}) == page
    assert truth("PAYMENT.CAPTURE.REVERSED", up) == page
    assert truth("PAYMENT.REFUND.FAILED", {"links": []}) is None
    assert truth("VAULT.PAYMENT-TOKEN.CREATED", {"metadata": {"order_id": page.ref}}) == page
    assert truth("VAULT.PAYMENT-TOKEN.CREATED", {}) is None
    assert truth("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", batch) == sent
    assert truth("PAYMENT.PAYOUTSBATCH.SUCCESS", {"batch_header": batch}) == sent
    assert truth("MERCHANT.ONBOARDING.COMPLETED", {"tracking_id": "a"}).is_ready
    assert truth("BILLING.PLAN.CREATED", {}) is None
    capture["supplementary_data"] = {}
    assert truth("PAYMENT.CAPTURE.COMPLETED", {"id": capture["id"]}) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paypal-transmission-time": "soon"}, "does not say when"),
        ({"paypal-transmission-time": "2020-01-01T00:00:00Z"}, "too old"),
        ({"paypal-transmission-sig": "bm8="}, "does not match"),
        ({"paypal-transmission-sig": "not base64"}, "does not match"),
        ({"paypal-cert-url": "https://evil.example/v1/notifications/certs/CERT-1"}, "does not match"),
        ({"paypal-cert-url": "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1"}, "does not match"),
        ({"paypal-cert-url": "https://user@api.paypal.com/v1/notifications/certs/CERT-1"}, "does not match"),
        ({"paypal-cert-url": "https://api.paypal.com/elsewhere"}, "does not match"),
        ({"paypal-cert-url": "http://[evil"}, "does not match"),
        ({"paypal-cert-url": ""}, "does not match"),
    ],
    ids=range(10),
)
def test_a_webhook_that_is_not_paypals_is_refused(driver, changes: dict, words: str) -> None:
    body = b'{"id": "WH-1"}'
    with pytest.raises(WebhookRefusedError, match=words):
        driver.gateway.verify_webhook(headers=driver.signed(body, now()) | changes, body=body, at=now())


def test_a_certificate_that_is_none_has_ended_or_is_of_another_kind_is_refused(driver, monkeypatch) -> None:
    body, later = b'{"id": "WH-1"}', now() + timedelta(days=30)
    with pytest.raises(WebhookRefusedError, match="not valid now"):
        driver.gateway.verify_webhook(headers=driver.signed(body, later), body=body, at=later)
    other = driver.signed(body, now()) | {"paypal-cert-url": f"{driver.service.home}/v1/notifications/certs/CERT-none"}
    with pytest.raises(WebhookRefusedError, match="cannot be read"):
        driver.gateway.verify_webhook(headers=other, body=body, at=now())
    monkeypatch.setattr("footlights.payments.adapters.paypal.webhooks.rsa.RSAPublicKey", type("Other", (), {}))
    with pytest.raises(WebhookRefusedError, match="does not match"):
        driver.gateway.verify_webhook(headers=driver.signed(body, now()), body=body, at=now())


def test_a_signed_body_that_is_no_event_is_refused(driver) -> None:
    with pytest.raises(WebhookRefusedError, match="no event"):
        driver.gateway.verify_webhook(headers=driver.signed(b"[]", now()), body=b"[]", at=now())


# Errors.


def test_silence_wrong_keys_and_nonsense_are_no_answers(driver, settings) -> None:
    driver.service.silent = True
    with pytest.raises(GatewayUnreachableError, match="cannot be asked"):
        driver.gateway.open_checkout(an_order("r"))
    driver.service.silent = False
    settings.PAYPAL_SECRET = "another"
    with pytest.raises(GatewayUnreachableError, match="does not let us in"):
        driver.gateway.open_checkout(an_order("r"))
    assert calls._read(Answer(502, {}, b"<html>", "")) == calls._read(Answer(200, {}, b"[]", "")) == {}
    with pytest.raises(GatewayUnreachableError, match="cannot be read"):
        calls._read(Answer(200, {}, b"<html>", ""))


def test_a_token_that_was_taken_back_is_replaced(driver) -> None:
    driver.gateway.open_checkout(an_order("r"))
    driver.service.tokens.clear()
    assert driver.gateway.open_checkout(an_order("r")).status is CheckoutStatus.OPEN


def test_a_page_paypal_forgot_is_over_and_one_it_never_had_is_an_error(driver) -> None:
    page = driver.gateway.open_checkout(an_order("r"))
    del driver.service.things[page.ref]
    assert driver.gateway.fetch_checkout(page.ref).status is CheckoutStatus.EXPIRED
    with pytest.raises(GatewayRefusedError):
        driver.gateway.fetch_checkout("nothing-of-ours")
    setup = driver.gateway.open_setup(reference="s", customer_ref="c", return_path="/back")
    assert driver.gateway.fetch_setup(setup.ref).status is SetupStatus.OPEN
    del driver.service.things[setup.ref.rpartition("/")[2]]
    assert driver.gateway.fetch_setup(setup.ref).status is SetupStatus.FAILED
    with pytest.raises(GatewayRefusedError):
        driver.gateway.fetch_setup("nothing")


@pytest.mark.parametrize(
    ("issue", "declined"), [("INSTRUMENT_DECLINED", True), ("PAYEE_ACCOUNT_RESTRICTED", False)], ids=["card", "payee"]
)
def test_an_approved_page_that_cannot_be_captured_says_whose_fault_it_is(driver, issue: str, declined) -> None:
    page = driver.gateway.open_checkout(an_order("r"))
    driver.pay(page)
    driver.service.things[page.ref]["_declines"] = issue
    if declined:
        assert driver.gateway.fetch_checkout(page.ref).reason == "instrument declined"
    else:
        with pytest.raises(GatewayRefusedError, match=issue):
            driver.gateway.fetch_checkout(page.ref)


def test_a_page_that_was_captured_in_the_meantime_is_paid(driver, monkeypatch) -> None:
    page = driver.gateway.open_checkout(an_order("r"))
    driver.pay(page)
    approved = calls.get(f"/v2/checkout/orders/{page.ref}")
    driver.service.post_orders_capture({}, page.ref)
    assert driver.gateway._capture(approved).status is CheckoutStatus.PAID
    with pytest.raises(GatewayRefusedError, match="Nothing was taken"):
        driver.gateway.refund(ref=driver.gateway.open_checkout(an_order("o")).ref, key="k", amount=PRICE)


def test_a_charge_paypal_has_already_is_found_or_asked_for_later(driver, monkeypatch) -> None:
    customer, method = kept_method(driver, str(new_id()))
    order = an_order("r", customer_ref=customer, method_ref=method.ref)
    assert driver.gateway.find_checkout(an_order("page")) is None
    first = driver.gateway.charge(order)
    driver.service.answers.clear()  # so long ago that its key is forgotten
    assert driver.gateway.charge(order) == first
    monkeypatch.setattr(driver.gateway, "find_checkout", lambda _: None)
    with pytest.raises(GatewayUnreachableError, match="does not show it yet"):
        driver.gateway.charge(order)
    monkeypatch.undo()
    driver.service.silent = True
    assert driver.gateway.find_checkout(order) is None


# Earnings.


def test_a_payee_who_never_came_is_paid_nothing(driver) -> None:
    for ask in (
        lambda: driver.gateway.fetch_account("nobody"),
        lambda: driver.gateway.send(reference="t", account_ref="nobody", amount=PRICE),
    ):
        with pytest.raises(GatewayRefusedError, match="no such payee"):
            ask()


def test_a_payout_is_taken_once_also_when_its_key_is_forgotten_and_a_refusal_is_one(driver, monkeypatch) -> None:
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")
    driver.choose_bank(account)
    first = driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)
    driver.service.answers.clear()
    assert driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE) == first

    def refuse(*_):
        raise paypal_service.RefusedError(422, "INSUFFICIENT_FUNDS")

    monkeypatch.setattr(driver.service, "post_payouts", refuse)
    with pytest.raises(GatewayRefusedError, match="INSUFFICIENT_FUNDS"):
        driver.gateway.send(reference="t2", account_ref=account.ref, amount=PRICE)
    monkeypatch.setattr(driver.service, "get_partners_merchant_integrations", refuse)
    with pytest.raises(GatewayRefusedError, match="INSUFFICIENT_FUNDS"):
        driver.gateway.fetch_account("a")


def test_after_thirty_days_a_payout_is_looked_for_before_it_is_sent_again(driver) -> None:
    account = driver.gateway.open_account(reference="a", ref="", return_path="/back")
    driver.choose_bank(account)
    asked = {"reference": "t", "account_ref": account.ref, "asked_at": now() - timedelta(days=30)}
    assert driver.gateway.find_transfer(**asked | {"asked_at": now()}) is None
    assert driver.gateway.find_transfer(**asked) is None
    sent = driver.gateway.send(reference="t", account_ref=account.ref, amount=PRICE)
    driver.service.moved("T0001", -5, "EUR", custom_field="another")
    found = driver.gateway.find_transfer(**asked)
    assert (found.status, found.amount, found.reference) == (TransferStatus.PAID, PRICE, "t")
    assert driver.gateway.fetch_transfer(ref=found.ref, account_ref=account.ref) == found
    driver.bank_says(sent, "returned")
    assert driver.gateway.fetch_transfer(ref=found.ref, account_ref=account.ref).status is TransferStatus.RETURNED
    driver.service.rows.clear()
    with pytest.raises(GatewayUnreachableError, match="does not show"):
        driver.gateway.fetch_transfer(ref=found.ref, account_ref=account.ref)


# Its own account.


def test_a_permission_we_lack_is_told_by_its_name_and_is_no_outage(driver) -> None:
    driver.service.scopes.remove("https://uri.paypal.com/services/reporting/search/read")
    assert driver.gateway.list_lacks() == ("Transaction search",)
    with pytest.raises(GatewayForbiddenError, match=r"does not let our app do this \(NOT_AUTHORIZED\): /v1/rep"):
        driver.gateway.list_movements(since=now(), until=now() + timedelta(hours=1))
    driver.service.scopes.clear()
    assert driver.gateway.list_lacks() == (), "it does not tell"


def test_more_than_a_month_is_asked_for_in_spans_and_what_is_not_counted_is_left_out(driver) -> None:
    paid(driver, "r")
    driver.service.moved("T0006", 5, "EUR", transaction_status="P")
    driver.service.moved("T0400", -7, "EUR")
    driver.service.moved("T0700", 0, "EUR", fee_amount=paypal_service.money(-1, "EUR"))
    lost = {"paypal_reference_id": "NONE", "paypal_reference_id_type": "TXN"}
    driver.service.moved("T1107", -2, "EUR", **lost)
    found, after, pages = [], "", 0
    while pages == 0 or after:
        page = driver.gateway.list_movements(since=now() - LONG_AGO, until=now() + timedelta(hours=1), after=after)
        found, after, pages = [*found, *page.movements], page.after, pages + 1
    assert pages == 2
    assert [(each.kind, each.reference, each.amount.amount_minor) for each in found] == [
        ("charge", "r", 400),
        ("fee", "r", -31),
        ("other", "", -700),
        ("other", "", -100),
        ("refund", "", -200),
    ]
    assert movements.list_page(since=now(), until=now() - timedelta(minutes=1), after="").movements == ()

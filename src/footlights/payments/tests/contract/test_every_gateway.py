"""What holds of every gateway. A new adapter joins by a driver, and nothing here changes."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import (
    CheckoutStatus,
    ContestStatus,
    Order,
    RefundStatus,
    SetupStatus,
    TransferStatus,
)
from footlights.payments.api import GatewayRefusedError, GatewayUnreachableError, WebhookRefusedError
from footlights.payments.tests.contract import paypal_service
from footlights.payments.tests.contract.drivers import Driver, PayPalDriver, SandboxDriver, StripeDriver
from footlights.payments.tests.contract.stripe_service import serving

pytestmark = pytest.mark.django_db
PRICE = Money(400, "EUR")
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def stripe_service():
    with serving() as (service, address):
        yield service, address


@pytest.fixture(scope="module")
def paypal():
    with paypal_service.serving() as (service, address):
        yield service, address


@pytest.fixture(params=["sandbox", "stripe", "paypal"])
def driver(request, settings) -> Driver:
    make_person()
    if request.param == "sandbox":
        return SandboxDriver()
    if request.param == "paypal":
        service, address = request.getfixturevalue("paypal")
        set_up_paypal(settings, address)
        return PayPalDriver(service)
    service, settings.STRIPE_API = request.getfixturevalue("stripe_service")
    settings.STRIPE_SECRET_KEY = "sk_test_" + "nothing"
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_old", StripeDriver.secret]
    return StripeDriver(service)


def set_up_paypal(settings, address: str) -> None:
    settings.PAYPAL_API, settings.OUTGOING_HOSTS = address, [address.removeprefix("http://")]
    settings.PAYPAL_CLIENT_ID, settings.PAYPAL_SECRET = paypal_service.CLIENT, paypal_service.SECRET
    settings.PAYPAL_PARTNER_ID, settings.PAYPAL_WEBHOOK_IDS = paypal_service.PARTNER, ["WH-0", paypal_service.WEBHOOK]


@pytest.fixture
def reference() -> str:
    return str(new_id())


def an_order(reference: str, **changes) -> Order:
    return Order(
        **{"reference": reference, "amount": PRICE, "description": "A thing", "return_path": "/back", **changes}
    )


def paid(driver: Driver, reference: str, **changes):
    checkout = driver.gateway.open_checkout(an_order(reference, **changes))
    driver.pay(checkout)
    return driver.gateway.fetch_checkout(checkout.ref)


def kept_method(driver: Driver, reference: str):
    customer = driver.gateway.open_customer(str(new_id()))
    setup = driver.gateway.open_setup(reference=reference, customer_ref=customer, return_path="/back")
    driver.keep(setup)
    return customer, driver.gateway.fetch_setup(setup.ref).method


def test_the_same_reference_is_the_same_page(driver, reference) -> None:
    first, second = (driver.gateway.open_checkout(an_order(reference)) for _ in range(2))
    assert first == second
    assert (first.reference, first.status, first.amount) == (reference, CheckoutStatus.OPEN, PRICE)
    assert first.hosted_url


def test_what_is_paid_says_how_much_and_what_it_cost(driver, reference) -> None:
    checkout = paid(driver, reference)
    assert (checkout.status, checkout.amount, checkout.reference) == (CheckoutStatus.PAID, PRICE, reference)
    assert checkout.cost == Money(31, "EUR")
    assert (checkout.refunds, checkout.method) == ((), None)


def test_what_was_paid_with_is_known_again_whoever_pays(driver, reference) -> None:
    marks = {paid(driver, f"{reference}-{each}").fingerprint for each in (1, 2)}
    assert len(marks) == 1
    assert all(marks)


def test_a_page_nobody_paid_on_can_be_closed_and_a_paid_one_cannot(driver, reference) -> None:
    checkout = driver.gateway.open_checkout(an_order(reference))
    for _ in range(2):
        assert driver.gateway.expire_checkout(checkout.ref).status is CheckoutStatus.EXPIRED
    other = paid(driver, str(new_id()))
    assert driver.gateway.expire_checkout(other.ref).status is CheckoutStatus.PAID


def test_refunds_are_made_once_for_each_key_and_never_of_more_than_was_charged(driver, reference) -> None:
    checkout = paid(driver, reference)
    for key, amount in (("one", 100), ("one", 100), ("two", 300)):
        given = driver.gateway.refund(ref=checkout.ref, key=key, amount=Money(amount, "EUR")).refunds
    assert {(refund.key, refund.amount.amount_minor, refund.status) for refund in given} == {
        ("one", 100, RefundStatus.DONE),
        ("two", 300, RefundStatus.DONE),
    }
    with pytest.raises(GatewayRefusedError):
        driver.gateway.refund(ref=checkout.ref, key="three", amount=Money(1, "EUR"))


def test_a_method_is_kept_at_a_checkout_that_says_so(driver, reference) -> None:
    customer = driver.gateway.open_customer(str(new_id()))
    checkout = paid(driver, reference, customer_ref=customer, saves_method=True)
    assert checkout.method
    assert checkout.method.label
    assert checkout.method.last4 in checkout.method.label
    is_card = driver.keeps == "card"
    assert len(checkout.method.last4) == (4 if is_card else 0)
    assert bool(checkout.method.expires_on and checkout.method.expires_on > now().date()) is is_card


def test_a_method_is_kept_on_a_page_of_its_own(driver, reference) -> None:
    customer = driver.gateway.open_customer(str(new_id()))
    setup = driver.gateway.open_setup(reference=reference, customer_ref=customer, return_path="/back")
    assert (setup.status, setup.method, setup.reference) == (SetupStatus.OPEN, None, reference)
    driver.keep(setup)
    after = driver.gateway.fetch_setup(setup.ref)
    assert after.status is SetupStatus.SAVED
    assert after.method


@pytest.mark.parametrize(
    ("how", "status", "needs_buyer"),
    [
        ("", CheckoutStatus.PAID, False),
        ("broke", CheckoutStatus.DECLINED, False),
        ("asks", CheckoutStatus.DECLINED, True),
    ],
)
def test_a_kept_method_is_charged_once_or_says_why_not(driver, reference, how: str, status, needs_buyer) -> None:
    customer, method = kept_method(driver, str(new_id()))
    if how:
        driver.spoil(method.ref, how)
    order = an_order(reference, customer_ref=customer, method_ref=method.ref)
    first, second = (driver.gateway.charge(order) for _ in range(2))
    assert first == second
    assert (first.status, first.needs_buyer, first.reference) == (status, needs_buyer, reference)
    assert bool(first.reason) is (status is CheckoutStatus.DECLINED)
    assert (driver.gateway.find_checkout(order) or driver.gateway.charge(order)) == first


def test_a_charge_that_is_answered_by_an_error_is_found_and_was_made_once(driver, reference) -> None:
    customer, method = kept_method(driver, str(new_id()))
    order = an_order(reference, customer_ref=customer, method_ref=method.ref)
    assert driver.gateway.find_checkout(order) is None
    driver.spoil(method.ref, "error")
    for _ in range(2):  # the error is kept with the key
        with pytest.raises(GatewayUnreachableError):
            driver.gateway.charge(order)
    found = driver.gateway.find_checkout(order)
    assert (found.status, found.amount) == (CheckoutStatus.PAID, PRICE)


def test_what_is_forgotten_is_charged_no_more(driver, reference) -> None:
    customer, method = kept_method(driver, str(new_id()))
    for _ in range(2):
        driver.gateway.forget_method(method.ref)
    with pytest.raises(GatewayRefusedError):
        driver.gateway.charge(an_order(reference, customer_ref=customer, method_ref=method.ref))


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_names_its_payment_takes_an_answer_and_is_decided(driver, reference, won) -> None:
    checkout = paid(driver, reference)
    assert driver.gateway.list_contests(checkout.ref) == ()
    ref = driver.dispute(checkout)
    contest = driver.gateway.fetch_contest(ref)
    assert driver.gateway.list_contests(checkout.ref) == (contest,)
    assert (contest.reference, contest.amount, contest.status) == (reference, PRICE, ContestStatus.OPEN)
    assert contest.fee == Money(1500, "EUR")
    assert contest.answer_by
    assert driver.gateway.answer_contest(ref=ref, evidence="They watched it.").status is ContestStatus.OPEN
    driver.decide(ref, won=won)
    assert driver.gateway.fetch_contest(ref).status is (ContestStatus.WON if won else ContestStatus.LOST)


@pytest.mark.parametrize(("words", "status"), [("paid", TransferStatus.PAID), ("returned", TransferStatus.RETURNED)])
def test_earnings_are_sent_once_and_arrive_or_come_back(driver, reference, words: str, status) -> None:
    account = driver.gateway.open_account(reference=str(new_id()), ref="", return_path="/earned")
    assert not account.is_ready
    driver.choose_bank(account)
    ready = driver.gateway.open_account(reference=account.reference, ref=account.ref, return_path="/earned")
    assert (ready.is_ready, ready.ref, "••••" in ready.label) == (True, account.ref, True)
    asked: dict = {"reference": reference, "account_ref": account.ref, "asked_at": now()}
    assert driver.gateway.find_transfer(**asked) is None
    first, second = (driver.gateway.send(reference=reference, account_ref=account.ref, amount=PRICE) for _ in range(2))
    assert first == second
    assert driver.gateway.find_transfer(**asked) in {first, None}
    assert (first.status, first.amount, first.reference) == (TransferStatus.PENDING, PRICE, reference)
    driver.bank_says(first, words)
    after = driver.gateway.fetch_transfer(ref=first.ref, account_ref=account.ref)
    assert (after.status, bool(after.reason)) == (status, status is TransferStatus.RETURNED)
    lines = driver.gateway.list_movements(since=now() - HOUR, until=now() + HOUR).movements
    fees = [-line.amount for line in lines if (line.reference, line.kind) == (reference, "fee")]
    assert status is TransferStatus.RETURNED or after.cost == (fees[0] if fees else None)


def test_its_own_account_tells_each_movement_of_a_payment_and_a_payout_by_pages(driver, reference, monkeypatch) -> None:
    for module in ("sandbox", "stripe", "paypal"):
        monkeypatch.setattr(f"footlights.payments.adapters.{module}.movements.PAGE", 2)
    checkout, sent = paid(driver, reference), str(new_id())
    driver.gateway.refund(ref=checkout.ref, key=reference, amount=Money(100, "EUR"))
    driver.dispute(checkout)
    account = driver.gateway.open_account(reference=str(new_id()), ref="", return_path="/earned")
    driver.choose_bank(account)
    transfer = driver.gateway.send(reference=sent, account_ref=account.ref, amount=PRICE)
    driver.bank_says(transfer, "returned")
    driver.gateway.fetch_transfer(ref=transfer.ref, account_ref=account.ref)
    found, after = [], ""
    while page := driver.gateway.list_movements(since=now() - HOUR, until=now() + HOUR, after=after):
        found += page.movements
        if not (after := page.after):
            break
    assert len({each.ref for each in found}) == len(found)
    of_payment = sorted((each.kind, each.amount.amount_minor) for each in found if each.reference == reference)
    assert of_payment == [("charge", 400), ("dispute", -400), ("fee", -1500), ("fee", -31), ("refund", -100)]
    of_payout = sorted((each.kind, each.amount.amount_minor) for each in found if each.reference == sent)
    assert [each for each in of_payout if each != ("fee", -25)] == [("payout", -400), ("payout", 400)]
    assert not driver.gateway.list_movements(since=now() + HOUR, until=now() + 2 * HOUR).movements


def test_keys_that_may_do_all_lack_nothing(driver) -> None:
    assert driver.gateway.list_lacks() == ()


def test_only_its_own_fresh_webhooks_are_believed(driver) -> None:
    body, at = b'{"id":"evt_1"}', now()
    headers = driver.signed(body, at)
    assert driver.gateway.verify_webhook(headers=headers, body=body, at=at) == "evt_1"
    for headers_given, body_given, when in (
        ({}, body, at),
        (headers, body + b" ", at),
        (headers, b"\xff", at),
        (headers, body, at + timedelta(minutes=10)),
        (headers, body, at - timedelta(minutes=10)),
    ):
        with pytest.raises(WebhookRefusedError):
            driver.gateway.verify_webhook(headers=headers_given, body=body_given, at=when)


def test_what_it_does_not_know_it_refuses(driver) -> None:
    gateway = driver.gateway
    for question in (
        lambda: gateway.fetch_checkout("cs_none"),
        lambda: gateway.fetch_setup("cs_none"),
        lambda: gateway.fetch_event("evt_none"),
        lambda: gateway.expire_checkout("cs_none"),
        lambda: gateway.fetch_contest("dp_none"),
        lambda: gateway.fetch_account("acct_none"),
        lambda: gateway.fetch_transfer(ref="tr_none", account_ref="acct_none"),
    ):
        with pytest.raises(GatewayRefusedError):
            question()

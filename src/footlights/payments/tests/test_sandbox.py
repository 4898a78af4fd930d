"""The sandbox gateway as its merchant sees it."""

import httpx
import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.adapters.gateway import CheckoutStatus, Order
from footlights.payments.adapters.registry import default_gateway, gateway_named
from footlights.payments.adapters.sandbox import payouts
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent, SandboxRefund
from footlights.payments.api import GatewayRefusedError, GatewayUnreachableError, sandbox
from footlights.payments.models import GatewayEvent
from footlights.payments.testing import pay_with, webhooks_arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    return default_gateway()


@pytest.fixture
def checkout(gateway):
    return gateway.open_checkout(Order("00000000-0000-0000-0000-000000000001", Money(400, "EUR"), "A thing", "/back"))


def test_the_same_reference_is_the_same_page(gateway, checkout) -> None:
    assert gateway.open_checkout(Order(checkout.reference, Money(400, "EUR"), "A thing", "/back")) == checkout


def test_what_it_does_not_know_it_refuses(gateway, checkout) -> None:
    for question in (gateway.fetch_checkout, gateway.fetch_event, gateway.expire_checkout):
        with pytest.raises(GatewayRefusedError):
            question("nothing")


def test_unpaid_money_is_not_given_back(gateway, checkout) -> None:
    with pytest.raises(GatewayRefusedError):
        gateway.refund(ref=checkout.ref, key="r", amount=checkout.amount)


def test_a_refund_is_made_and_announced_once(gateway, checkout) -> None:
    pay_with("paid", checkout.hosted_url)
    for _ in range(3):
        given = gateway.refund(ref=checkout.ref, key="r", amount=Money(100, "EUR")).refunds
        assert [(refund.key, refund.amount) for refund in given] == [("r", Money(100, "EUR"))]
    assert list(SandboxEvent.objects.values_list("kind", flat=True)) == ["pay.paid", "pay.refunded"]
    assert str(SandboxRefund.objects.get()) == "refund:r"


def test_more_than_was_charged_is_not_given_back(gateway, checkout) -> None:
    pay_with("paid", checkout.hosted_url)
    gateway.refund(ref=checkout.ref, key="1", amount=Money(300, "EUR"))
    with pytest.raises(GatewayRefusedError, match="more would go back"):
        gateway.refund(ref=checkout.ref, key="2", amount=Money(101, "EUR"))
    assert len(gateway.refund(ref=checkout.ref, key="3", amount=Money(100, "EUR")).refunds) == 2


def test_a_paid_page_cannot_be_closed(gateway, checkout) -> None:
    pay_with("paid", checkout.hosted_url)
    assert gateway.expire_checkout(checkout.ref).status is CheckoutStatus.PAID


def test_lost_answers_are_lost_twice(gateway, checkout) -> None:
    pay_with("lost", checkout.hosted_url)
    for _ in range(2):
        with pytest.raises(GatewayUnreachableError):
            gateway.fetch_checkout(checkout.ref)
    assert gateway.fetch_checkout(checkout.ref).status is CheckoutStatus.PAID


@pytest.mark.parametrize(("asked", "charged"), [(400, 200), (3, 1), (1, 2)])
def test_an_altered_amount_is_always_another_one(gateway, asked: int, charged: int) -> None:
    checkout = gateway.open_checkout(Order("r", Money(asked, "EUR"), "A thing", "/back"))
    pay_with("altered", checkout.hosted_url)
    assert gateway.fetch_checkout(checkout.ref).amount == Money(charged, "EUR")


def test_a_webhook_that_is_not_taken_is_an_error_so_that_the_job_tries_again(checkout, settings) -> None:
    settings.SANDBOX_WEBHOOK_URL = "http://localhost:8000/webhooks/elsewhere"
    make_person()
    pay_with("paid", checkout.hosted_url)
    with webhooks_arrive() as answers, pytest.raises(httpx.HTTPStatusError):
        run_jobs(only="send_webhook")
    assert answers == [404]


def test_a_webhook_about_something_that_is_not_ours_is_kept_and_changes_nothing(checkout) -> None:
    make_person()
    pay_with("paid", checkout.hosted_url)
    with webhooks_arrive():
        run_jobs()
    assert GatewayEvent.objects.get().handled_at
    assert str(GatewayEvent.objects.get()) == str(SandboxEvent.objects.get())
    assert str(SandboxCheckout.objects.get()) == checkout.ref


def test_there_are_only_gateways_we_have() -> None:
    with pytest.raises(NotFoundError):
        gateway_named("nobody")


def test_a_page_that_never_was_is_not_found() -> None:
    assert sandbox.find_page("cs_none", at=now()) is None


def test_who_has_paid_turns_back_to_nothing_and_a_bank_is_chosen_once(gateway, checkout) -> None:
    page = checkout.hosted_url.rpartition("/")[2]
    sandbox.pay(page, card=sandbox.CARDS["paid"], at=now())
    sandbox.turn_back(page, at=now())
    assert gateway.fetch_checkout(checkout.ref).status is CheckoutStatus.PAID
    account = payouts.create_account(merchant_reference="m", return_url="/")["id"]
    for bank in ("pays", "lost"):
        sandbox.choose_bank(account, bank=bank, at=now())
    found = payouts.find_account_page(account)
    assert found
    assert found.bank == "pays"

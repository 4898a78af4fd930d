"""Everybody at once: fifty copies of a webhook, twenty clicks, twenty refunds; and still one of each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.ledger.models import Journal
from footlights.monetization.api import buy_title, find_purchase, refund_purchase
from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.testing import make_offer
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent, SandboxRefund
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.api import sandbox, settle_payment
from footlights.payments.models import GatewayEvent, PaymentRow, RefundRow
from footlights.payments.testing import pay, pay_with, taken_by_gateway

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(action: Callable[[int], Any], times: int, connections: int = 10) -> list[Any]:
    """`action` `times` over, in `connections` threads with a connection each that start together."""
    start = Barrier(connections)

    def work(first: int) -> list[Any]:
        try:
            start.wait()
            return [action(number) for number in range(first, times, connections)]
        finally:
            connection.close()

    with ThreadPoolExecutor(connections) as pool:
        return [result for results in pool.map(work, range(connections)) for result in results]


@pytest.fixture
def offer():
    return make_offer(make_title(make_channel(make_person())))


@pytest.fixture
def viewer():
    return make_person()


def buy(viewer, offer, key: str):
    return buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key=key, at=now())


def test_twenty_clicks_on_one_page_are_one_purchase(viewer, offer) -> None:
    bought = at_once(lambda _: buy(viewer, offer, "k").id, 20)
    assert (
        len(set(bought))
        == PurchaseRow.objects.count()
        == PaymentRow.objects.count()
        == SandboxCheckout.objects.count()
        == 1
    )


def test_twenty_tabs_are_one_purchase(viewer, offer) -> None:
    bought = at_once(lambda number: buy(viewer, offer, f"tab {number}").id, 20)
    assert (
        len(set(bought))
        == PurchaseRow.objects.count()
        == PaymentRow.objects.count()
        == SandboxCheckout.objects.count()
        == 1
    )


def test_twenty_clicks_on_the_hosted_page_are_one_charge(viewer, offer) -> None:
    page = buy(viewer, offer, "k").hosted_url.rpartition("/")[2]
    at_once(lambda _: sandbox.pay(page, card=sandbox.CARDS["paid"], at=now()), 20)
    assert SandboxEvent.objects.count() == 1


def test_fifty_copies_of_a_webhook_are_one_journal_and_one_entitlement(viewer, offer) -> None:
    purchase = buy(viewer, offer, "k")
    pay_with("paid", purchase.hosted_url)
    event_id = SandboxEvent.objects.get().pk
    body = b"{}"

    def knock(_: int) -> int:
        headers = signatures.sign(secret=webhook_secret(), message_id=event_id, body=body, at=now())
        return Client().post("/webhooks/sandbox", body, content_type="application/json", headers=headers).status_code

    assert set(at_once(knock, 50)) == {204}
    assert GatewayEvent.objects.count() == 1
    at_once(lambda _: settle_payment(payment_id=purchase.payment_id, at=now()), 20)
    at_once(lambda _: fulfil_purchase(purchase_id=purchase.id, payment_id=purchase.payment_id, at=now()), 20)
    run_jobs(only="handle_event")
    run_jobs(only="monetization")
    assert Journal.objects.filter(cause__startswith="purchase:").count() == EntitlementRow.objects.count() == 1
    assert taken_by_gateway("EUR") == Money(400, "EUR")


def test_twenty_refunds_give_the_money_back_once(viewer, offer) -> None:
    purchase = buy(viewer, offer, "k")
    pay("paid", purchase.hosted_url)
    staff = make_person(is_staff=True)

    def refund(number: int) -> str:
        key = f"key {number % 3}"
        return refund_purchase(purchase_id=purchase.id, by_id=staff.id, idempotency_key=key, at=now()).state

    at_once(refund, 20)
    run_jobs(only="monetization")
    assert find_purchase(purchase.id).state == "refunded"
    assert RefundRow.objects.count() == SandboxRefund.objects.count() == 1
    assert Journal.objects.filter(cause__startswith="purchase:").count() == 2
    assert not taken_by_gateway("EUR")


def test_forty_sales_at_once_add_up(offer) -> None:
    viewers = [make_person() for _ in range(40)]
    purchases = [buy(viewer, offer, "k") for viewer in viewers]
    at_once(lambda n: fulfil_purchase(purchase_id=purchases[n].id, payment_id=purchases[n].payment_id, at=now()), 40)
    assert balance_of("platform:fees", "EUR") == Money(-40 * 40, "EUR")
    assert taken_by_gateway("EUR") == Money(40 * 400, "EUR")

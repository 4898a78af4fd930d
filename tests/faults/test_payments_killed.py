"""Killed with SIGKILL before every single statement of a payment's way: nothing is lost, nothing is doubled."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.ledger.models import Journal
from footlights.monetization.api import buy_title, find_purchase, refund_purchase
from footlights.monetization.handlers import grant_what_was_paid
from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.testing import make_offer
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.api import receive_webhook, settle_payment, settle_unknown
from footlights.payments.events import PaymentCaptured
from footlights.payments.models import GatewayEvent, PaymentRow
from footlights.payments.operations.receive_webhook import handle_gateway_event
from footlights.payments.testing import pay, pay_with

pytestmark = pytest.mark.django_db(transaction=True)
STATEMENTS_MAX = 80


def is_killed_before(statement: int, action: Callable[[], object]) -> bool:
    """Run `action` in a child process that kills itself before its n-th SQL statement. False: it was through before."""
    connection.close()
    connection.close_pool()
    child = os.fork()
    if child == 0:
        _die_before(statement, action)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the action itself failed"
    return os.WIFSIGNALED(status)


def _die_before(statement: int, action: Callable[[], object]) -> None:
    left = statement

    def count(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            action()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  a child must not come back into pytest
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)


def each_death(
    action: Callable[["Sale"], object], prepare: Callable[["Sale"], object] = lambda _: None
) -> Iterator["Sale"]:
    """A new sale for each statement that `action` sends, killed just before it."""
    for statement in range(1, STATEMENTS_MAX):
        sale = Sale()
        prepare(sale)
        was_killed = is_killed_before(statement, lambda: action(sale))  # noqa: B023  it runs here and now
        yield sale
        if not was_killed:
            assert statement > 2, "nothing was tried"
            return
    raise AssertionError(f"more than {STATEMENTS_MAX} statements")


class Sale:
    """One viewer, one title, one click; and what must hold of them at the end."""

    def __init__(self) -> None:
        creator, self.viewer = make_person(), make_person()
        self.offer = make_offer(make_title(make_channel(creator)))
        self.staff = creator
        self.purchase = None

    def click(self):
        self.purchase = buy_title(viewer_id=self.viewer.id, offer_id=self.offer.id, idempotency_key="k", at=now())

    def pay_unheard(self) -> None:
        """Paid at the gateway; nobody has told us."""
        self.click()
        pay_with("paid", self.purchase.hosted_url)

    def pay(self) -> None:
        self.click()
        pay("paid", self.purchase.hosted_url)

    @property
    def event_id(self) -> str:
        return SandboxEvent.objects.get(checkout__merchant_reference=str(self.purchase.payment_id)).pk

    def knock(self) -> None:
        headers = signatures.sign(secret=webhook_secret(), message_id=self.event_id, body=b"{}", at=now())
        receive_webhook(gateway="sandbox", headers=headers, body=b"{}", at=now())

    def must_be_one_of_everything(self, *, journals: int = 1) -> None:
        purchase = PurchaseRow.objects.get(viewer_id=self.viewer.id)
        payment = PaymentRow.objects.get(reference=f"purchase:{purchase.pk}")
        assert SandboxCheckout.objects.filter(merchant_reference=str(payment.pk)).count() == 1
        assert EntitlementRow.objects.filter(viewer_id=self.viewer.id).count() == 1
        assert Journal.objects.filter(cause__startswith=f"purchase:{purchase.pk}").count() == journals
        assert sum(balance.amount.amount_minor for balance in list_balances()) == 0


def test_a_click_that_dies_is_finished_by_the_next_click() -> None:
    for sale in each_death(Sale.click):
        sale.pay()
        assert find_purchase(sale.purchase.id).state == "paid"
        sale.must_be_one_of_everything()


def test_a_webhook_whose_taker_dies_is_taken_when_it_comes_again() -> None:
    for sale in each_death(Sale.knock, Sale.pay_unheard):
        sale.knock()
        run_jobs(only="handle_event")
        run_jobs(only="monetization")
        sale.must_be_one_of_everything()


def test_a_job_that_dies_over_an_event_is_done_by_the_next_try() -> None:
    def prepare(sale: Sale) -> None:
        sale.pay_unheard()
        sale.knock()

    def handle(sale: Sale) -> None:
        handle_gateway_event(event_id=GatewayEvent.objects.get(event_id=sale.event_id).pk, at=now())

    for sale in each_death(handle, prepare):
        handle(sale)
        run_jobs(only="monetization")
        sale.must_be_one_of_everything()


def test_what_nobody_ever_told_is_found_by_the_sweep_even_if_the_sweep_dies() -> None:
    def sweep(sale: Sale) -> None:
        settle_payment(payment_id=sale.purchase.payment_id, at=now())

    for sale in each_death(sweep, Sale.pay_unheard):
        settle_unknown(at=now() + timedelta(minutes=2))
        run_jobs(only="monetization")
        sale.must_be_one_of_everything()


def test_a_grant_that_dies_is_whole_or_not_there_and_the_next_try_makes_it() -> None:
    def prepare(sale: Sale) -> None:
        sale.pay_unheard()
        settle_payment(payment_id=sale.purchase.payment_id, at=now())

    def fulfil(sale: Sale) -> None:
        reference = f"purchase:{sale.purchase.id}"
        grant_what_was_paid(
            PaymentCaptured(
                payment_id=sale.purchase.payment_id, reference=reference, amount=sale.purchase.price, at=now()
            )
        )

    for sale in each_death(fulfil, prepare):
        entitled = EntitlementRow.objects.filter(viewer_id=sale.viewer.id).exists()
        assert Journal.objects.filter(cause__startswith=f"purchase:{sale.purchase.id}").exists() == entitled
        fulfil(sale)
        sale.must_be_one_of_everything()


def test_a_refund_that_dies_is_finished_without_anybody_asking_again() -> None:
    def refund(sale: Sale) -> None:
        refund_purchase(
            purchase_id=sale.purchase.id, by_id=sale.staff.id, idempotency_key=f"r{sale.purchase.id}", at=now()
        )

    for sale in each_death(refund, Sale.pay):
        settle_unknown(at=now() + timedelta(minutes=2))
        run_jobs(only="monetization")
        state = find_purchase(sale.purchase.id).state
        if state == "paid":  # it died before the wish was written down: as if nobody had asked
            refund(sale)
        assert find_purchase(sale.purchase.id).state == "refunded"
        sale.must_be_one_of_everything(journals=2)
        assert EntitlementRow.objects.get(viewer_id=sale.viewer.id).revoked_at

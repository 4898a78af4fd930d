"""Before each step of a payment's way the process is killed, PostgreSQL goes away, or its disk is full.

A step is what is kept by itself: a whole transaction just before its commit, when everything in it was written, or a
statement outside of any. What dies between two steps leaves the same behind. Nothing is lost, nothing is doubled.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest import mock

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection
from procrastinate.exceptions import ConnectorException

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_title
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.ledger.models import Journal
from footlights.monetization.api import buy_title, find_purchase, refund_purchase
from footlights.monetization.handlers import grant_what_was_paid
from footlights.monetization.models import EntitlementRow, PartRow, PurchaseRow
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.testing import make_collection_offer, make_offer
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox.disputes import open_dispute
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxDispute, SandboxEvent
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.api import (
    PaymentState,
    charge_saved_method,
    find_default_method,
    get_payment,
    list_disputes,
    open_method_setup,
    receive_webhook,
    settle_payment,
)
from footlights.payments.events import PaymentCaptured
from footlights.payments.models import GatewayEvent, PaymentRow
from footlights.payments.operations.receive_webhook import handle_gateway_event
from footlights.payments.testing import pay, pay_with, settle_unknown

pytestmark = pytest.mark.django_db(transaction=True)
STEPS_MAX = 40


def is_killed_before(step: int, action: Callable[[], object]) -> bool:
    """Run `action` in a child process that kills itself before its n-th step. False: it was through before."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with before(step, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                action()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  a child must not come back into pytest
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the action itself failed"
    return os.WIFSIGNALED(status)


def fails_before(step: int, action: Callable[[], object]) -> bool:
    """Run `action`; before its n-th step PostgreSQL goes away or, every second time, has no space."""
    happened = False

    def fail() -> None:
        nonlocal happened
        happened = True
        if step % 2:
            end_connection()
        else:
            refuse_for_want_of_space()
        raise OperationalError("the step itself meets the fault")

    try:
        with before(step, fail):
            action()
    except (DatabaseError, ConnectorException, FootlightsError):
        assert happened
    connection.close()
    return happened


def end_connection() -> None:
    """What a client sees of a restart of PostgreSQL."""
    pid = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [pid])


def refuse_for_want_of_space() -> None:
    """The server's own refusal, with the state it has for a full disk; the transaction is over with it."""
    with suppress(psycopg.errors.DiskFull):
        connection.connection.execute("do $$ begin raise exception 'no space' using errcode = 'disk_full'; end $$")


@contextmanager
def before(step: int, fault: Callable[[], object]) -> Iterator[None]:
    left, commit = step, connection.commit

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            fault()

    def execute_alone(execute, sql, params, many, context):
        if connection.get_autocommit():
            count()
        return execute(sql, params, many, context)

    def commit_all() -> None:
        count()
        commit()

    with mock.patch.object(connection, "commit", commit_all), connection.execute_wrapper(execute_alone):
        yield


@pytest.fixture(params=[is_killed_before, fails_before], ids=["killed", "database fails"])
def fault(request: pytest.FixtureRequest) -> Callable[[int, Callable[[], object]], bool]:
    return request.param


def each_death(
    fault: Callable[[int, Callable[[], object]], bool],
    action: Callable[["Sale"], object],
    prepare: Callable[["Sale"], object] = lambda _: None,
    make: "Callable[[], Sale] | None" = None,
) -> Iterator["Sale"]:
    """A new sale for each step of `action`, interrupted just before it."""
    for step in range(1, STEPS_MAX):
        sale = (make or Sale)()
        prepare(sale)
        was_interrupted = fault(step, lambda: action(sale))  # noqa: B023  it runs here and now
        yield sale
        if not was_interrupted:
            assert step > 1, "nothing was tried"
            return
    raise AssertionError(f"more than {STEPS_MAX} steps")


class Sale:
    """One viewer, one title, one click; and what must hold of them at the end."""

    def __init__(self) -> None:
        creator, self.viewer = make_person(), make_person()
        self.channel = make_channel(creator)
        self.offer = make_offer(make_title(self.channel))
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

    def own(self) -> None:
        """Paid and granted; what else follows, as mails and receipts, waits."""
        self.pay_unheard()
        settle_payment(payment_id=self.purchase.payment_id, at=now())
        run_jobs(only="monetization")

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


def test_a_click_that_dies_is_finished_by_the_next_click(fault) -> None:
    for sale in each_death(fault, Sale.click):
        sale.pay()
        assert find_purchase(sale.purchase.id).state == "paid"
        sale.must_be_one_of_everything()


def test_a_webhook_whose_taker_dies_is_taken_when_it_comes_again(fault) -> None:
    for sale in each_death(fault, Sale.knock, Sale.pay_unheard):
        sale.knock()
        run_jobs(only="handle_event")
        run_jobs(only="monetization")
        sale.must_be_one_of_everything()


def test_a_job_that_dies_over_an_event_is_done_by_the_next_try(fault) -> None:
    def prepare(sale: Sale) -> None:
        sale.pay_unheard()
        sale.knock()

    def handle(sale: Sale) -> None:
        handle_gateway_event(event_id=GatewayEvent.objects.get(event_id=sale.event_id).pk, at=now())

    for sale in each_death(fault, handle, prepare):
        handle(sale)
        run_jobs(only="monetization")
        sale.must_be_one_of_everything()


def test_what_nobody_ever_told_is_found_by_the_sweep_even_if_the_sweep_dies(fault) -> None:
    def sweep(sale: Sale) -> None:
        settle_payment(payment_id=sale.purchase.payment_id, at=now())

    for sale in each_death(fault, sweep, Sale.pay_unheard):
        settle_unknown(at=now() + timedelta(minutes=2))
        run_jobs(only="monetization")
        sale.must_be_one_of_everything()


def test_a_grant_that_dies_is_whole_or_not_there_and_the_next_try_makes_it(fault) -> None:
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

    for sale in each_death(fault, fulfil, prepare):
        entitled = EntitlementRow.objects.filter(viewer_id=sale.viewer.id).exists()
        assert Journal.objects.filter(cause__startswith=f"purchase:{sale.purchase.id}").exists() == entitled
        fulfil(sale)
        sale.must_be_one_of_everything()


class SaleOfAll(Sale):
    """All of a season, of whose two titles one was bought before and counts."""

    def __init__(self) -> None:
        super().__init__()
        title_id, channel_id = self.offer.title_id, self.channel.id
        counted = PurchaseRow.objects.create(
            viewer_id=self.viewer.id, offer_id=self.offer.id, title_id=title_id, channel_id=channel_id, kind="buy",
            idempotency_key="before", currency="EUR", list_minor=400, amount_minor=400, state="paid", fee_minor=40,
            created_at=now(), paid_at=now(),
        )  # fmt: skip
        self.counted_id = counted.pk
        season = make_collection(self.channel, get_title(title_id), make_title(self.channel))
        self.offer = make_collection_offer(season)


def test_a_grant_of_all_of_a_season_that_dies_is_whole_or_not_there() -> None:
    def prepare(sale: Sale) -> None:
        sale.pay_unheard()
        settle_payment(payment_id=sale.purchase.payment_id, at=now())

    def fulfil(sale: Sale) -> None:
        fulfil_purchase(purchase_id=sale.purchase.id, payment_id=sale.purchase.payment_id, at=now())

    for sale in each_death(is_killed_before, fulfil, prepare, make=SaleOfAll):
        is_granted = EntitlementRow.objects.filter(purchase_id=sale.purchase.id).exists()
        assert Journal.objects.filter(cause__startswith=f"purchase:{sale.purchase.id}").exists() == is_granted
        fulfil(sale)
        assert sale.purchase.price == Money(600, "EUR")
        assert EntitlementRow.objects.filter(purchase_id=sale.purchase.id).count() == 1  # the other is theirs already
        assert PartRow.objects.get(counted_id=sale.counted_id).state == "holds"
        assert Journal.objects.filter(cause__startswith=f"purchase:{sale.purchase.id}").count() == 1


def test_a_refund_that_dies_is_finished_without_anybody_asking_again(fault) -> None:
    def refund(sale: Sale) -> None:
        refund_purchase(
            purchase_id=sale.purchase.id, by_id=sale.staff.id, idempotency_key=f"r{sale.purchase.id}", at=now()
        )

    for sale in each_death(fault, refund, Sale.own):
        settle_unknown(at=now() + timedelta(minutes=2))
        run_jobs(only="monetization")
        state = find_purchase(sale.purchase.id).state
        if state == "paid":  # it died before the wish was written down: as if nobody had asked
            refund(sale)
        assert find_purchase(sale.purchase.id).state == "refunded"
        sale.must_be_one_of_everything(journals=2)
        assert EntitlementRow.objects.get(viewer_id=sale.viewer.id).revoked_at


def test_news_of_a_dispute_that_dies_is_taken_whole_by_the_next_try(fault) -> None:
    def prepare(sale: Sale) -> None:
        sale.own()
        open_dispute(SandboxCheckout.objects.get(merchant_reference=str(sale.purchase.payment_id)).pk, at=now())

    def hear(sale: Sale) -> None:
        ref = SandboxDispute.objects.get(checkout__merchant_reference=str(sale.purchase.payment_id)).pk
        event_id = SandboxEvent.objects.get(subject=ref).pk
        headers = signatures.sign(secret=webhook_secret(), message_id=event_id, body=b"{}", at=now())
        receive_webhook(gateway="sandbox", headers=headers, body=b"{}", at=now())
        handle_gateway_event(event_id=GatewayEvent.objects.get(event_id=event_id).pk, at=now())

    for sale in each_death(fault, hear, prepare):
        hear(sale)
        [dispute] = list_disputes(payment_id=sale.purchase.payment_id)
        assert Journal.objects.filter(cause__startswith=f"dispute:{dispute.id}").count() == 1
        assert sum(balance.amount.amount_minor for balance in list_balances()) == 0


def test_a_charge_without_the_buyer_that_dies_is_made_once(fault) -> None:
    def prepare(sale: Sale) -> None:
        setup = open_method_setup(
            payer_id=sale.viewer.id, return_path="/", idempotency_key=f"s{sale.viewer.id}", at=now()
        )
        pay("paid", setup.hosted_url)

    def charge(sale: Sale):
        return charge_saved_method(
            method_id=find_default_method(sale.viewer.id).id,
            reference=f"month:{sale.viewer.id}",
            amount=Money(400, "EUR"),
            description="A month",
            idempotency_key=f"c{sale.viewer.id}",
            at=now(),
        )

    for sale in each_death(fault, charge, prepare):
        payment = charge(sale)
        settle_unknown(at=now() + timedelta(minutes=2))
        assert get_payment(payment.id).state is PaymentState.CAPTURED
        assert SandboxCheckout.objects.filter(merchant_reference=str(payment.id)).count() == 1

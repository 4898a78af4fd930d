"""Before each write of a dispute's, a payout's, a card's and a bank account's way the process dies; another finishes it.

What was committed stays and what was not is gone, as with a process that is killed. A read changes nothing, so dying
before it is dying before the next write; and of the writes to one table each kind is tried once, however often it comes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel import tracing
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.ledger.models import Journal
from footlights.monetization.api import Reason, list_memberships, may_watch
from footlights.monetization.testing import make_sale
from footlights.payments import api as payments
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.adapters.sandbox import disputes, page
from footlights.payments.adapters.sandbox.models import SandboxAccount, SandboxCheckout, SandboxTransfer
from footlights.payments.api import DestinationState, DisputeState, PayoutState, SetupState
from footlights.payments.models import DestinationRow, MethodRow, PayoutRow, SetupRow
from footlights.payments.operations.record_dispute import record_dispute
from footlights.payouts import api as payouts
from footlights.payouts.models import DestinationRow as OwnDestination
from footlights.payouts.models import HoldRow
from footlights.payouts.testing import earn
from footlights.subscriptions.models import AttemptRow
from footlights.subscriptions.testing import begin, make_plan

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")
BESIDE = (
    "audit_record",
    "payments_payment_event",
    "procrastinate_jobs",
)  # the trail and the story, beside each of them
CONTEXTS = ("monetization", "subscriptions", "payouts", "payments.jobs")
LATER = timedelta(hours=2)


class DiedError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@contextmanager
def each_write(told: Callable[[str], None]) -> Iterator[None]:
    """Django's, and those that are sent past it (footlights.kernel.reads)."""
    plain = tracing.statement

    def tell(sql: Any) -> None:
        text = sql.decode() if isinstance(sql, bytes) else str(sql)
        if text.lstrip().upper().startswith(WRITES) and not any(each in text for each in BESIDE):
            told(" ".join(text.replace('"', "").split()[:3]))  # INSERT INTO payments_dispute

    def of_django(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  Django's
        tell(sql)
        return execute(sql, params, many, context)

    def past_it(sql: Any) -> Any:
        tell(sql)
        return plain(sql)

    with mock.patch.object(tracing, "statement", past_it), connection.execute_wrapper(of_django):
        yield


def each_death(action: Callable[[], object]) -> Iterator[str]:
    """Run `action`, dying before each of its writes that is unlike the others; what follows is undone each time."""
    ProcrastinateJob.objects.filter(status="succeeded").delete()  # of what led here
    writes: list[str] = []
    point = transaction.savepoint()
    with each_write(writes.append):
        action()
    transaction.savepoint_rollback(point)
    assert len(set(writes)) > 1, "nothing was tried"
    for number in sorted({writes.index(text) for text in writes}):
        left = number

        def count(_text: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise DiedError

        point = transaction.savepoint()
        with suppress(DiedError), each_write(count):
            action()
        yield writes[number]
        transaction.savepoint_rollback(point)


def go_on(action: Callable[[], object]) -> None:
    """The next try of whoever died, and all jobs once more, those that were through already too."""
    ProcrastinateJob.objects.filter(status="succeeded").update(status="todo")
    action()
    run_all()


def run_all() -> None:
    """Without the gateway's own jobs: nobody tells us anything."""
    for context in CONTEXTS * 2:
        run_jobs(only=context, until=now() + LATER)


def journals(cause: str) -> int:
    return Journal.objects.filter(cause__startswith=cause).count()


def balance(account: str) -> int:
    return sum(each.amount.amount_minor for each in list_balances() if each.account == account)


class Disputed:
    """A payment that its buyer asked their bank for."""

    def __init__(self, payment_id: Any) -> None:
        self.payment = payments.get_payment(payment_id)
        disputes.open_dispute(self.payment.gateway_ref, at=now())
        self.ref = SandboxCheckout.objects.get(pk=self.payment.gateway_ref).dispute.pk

    def hear(self) -> None:
        contest = gateway_named("sandbox").fetch_contest(self.ref)
        record_dispute(gateway="sandbox", contest=contest, at=now())
        run_all()

    def decide(self, state: str) -> None:
        self.hear()
        if state == "won":
            disputes.answer_dispute(self.ref, evidence="They watched it.", at=now())
        disputes.decide(self.ref, at=now())

    @property
    def found(self) -> payments.Dispute:
        [dispute] = payments.list_disputes(payment_id=self.payment.id)
        return dispute

    def must_be(self, state: DisputeState) -> None:
        assert self.found.state is state
        assert journals(f"dispute:{self.found.id}") == (1 if state is DisputeState.OPEN else 2)
        assert sum(each.amount.amount_minor for each in list_balances()) == 0
        assert balance("dispute:sandbox") == (self.payment.amount.amount_minor if state is DisputeState.OPEN else 0)
        assert balance("platform:suspense") == 0
        kept = HoldRow.objects.filter(released_at=None).count()
        assert kept == 0 if state is not DisputeState.OPEN else kept <= 1


@pytest.mark.parametrize("state", ["open", "won", "lost"])
def test_a_dispute_of_a_purchase_that_dies_is_taken_whole_by_the_next_try(state: str) -> None:
    viewer, title = make_person(), make_title(make_channel(make_person()))
    purchase = make_sale(title, viewer)
    disputed = Disputed(purchase.payment_id)
    if state != "open":
        disputed.decide(state)
    reasons = {"open": Reason.HELD, "won": Reason.BOUGHT, "lost": Reason.REFUNDED}
    for write in each_death(disputed.hear):
        go_on(disputed.hear)
        disputed.must_be(DisputeState(state))
        assert may_watch(viewer.id, title.id, now()).reason is reasons[state], write
        assert journals(f"purchase:{purchase.id}") == (2 if state == "lost" else 1)


@pytest.mark.parametrize("state", ["open", "won", "lost"])
def test_a_dispute_of_a_membership_that_dies_is_taken_whole_by_the_next_try(state: str) -> None:
    viewer, channel = make_person(), make_channel(make_person())
    begin(viewer, make_plan(channel))
    attempt = AttemptRow.objects.get()
    disputed = Disputed(attempt.payment_id)
    if state != "open":
        disputed.decide(state)
    for write in each_death(disputed.hear):
        go_on(disputed.hear)
        disputed.must_be(DisputeState(state))
        held = [bool(each.held_at) for each in list_memberships(viewer.id, now())]
        assert held == {"open": [True], "won": [False], "lost": []}[state], write
        assert journals(f"invoice:{attempt.invoice_id}:refund") == (1 if state == "lost" else 0)


def test_a_card_that_is_kept_while_the_process_dies_is_kept_once() -> None:
    payer_id = make_person().pk

    def keep() -> None:
        setup = payments.open_method_setup(payer_id=payer_id, return_path="/", idempotency_key="s", at=now())
        page.pay(setup.hosted_url.rpartition("/")[2], card=page.CARDS["paid"], at=now())
        payments.note_setup_return(payer_id=payer_id, at=now())

    for write in each_death(keep):
        keep()
        assert SetupRow.objects.get().state == SetupState.SAVED, write
        assert [method.is_default for method in MethodRow.objects.all()] == [True]


def test_a_bank_account_that_is_named_while_the_process_dies_is_known_once() -> None:
    creator = make_person()
    account = payouts.creator_account(make_channel(creator).id)

    def name() -> None:
        choose(account, creator)
        payments.note_destination_return(reference=account, at=now())
        run_all()

    for write in each_death(name):
        go_on(name)
        assert DestinationRow.objects.get().state == DestinationState.READY, write
        assert SandboxAccount.objects.count() == 1
        assert OwnDestination.objects.filter(account=account).count() == 1


def choose(account: str, creator: Any) -> None:
    hosted = payouts.begin_destination(
        account=account, by_id=creator.pk, return_path="/", idempotency_key="d", at=now()
    )
    page.choose_bank(hosted.rpartition("/")[2], bank="pays", at=now())


def test_a_payout_that_dies_is_sent_once_and_its_end_is_booked_once() -> None:
    creator = make_person()
    channel = make_channel(creator)
    account = payouts.creator_account(channel.id)
    earn(channel.id, Money(9_000, "EUR"), at=now() - timedelta(days=30))
    choose(account, creator)
    payments.note_destination_return(reference=account, at=now())
    run_all()
    OwnDestination.objects.update(set_at=now() - timedelta(days=9), usable_from=now() - timedelta(days=6))

    def pay_out() -> None:
        with suppress(payouts.PayoutError):  # asked for already
            payouts.request_payout(account=account, currency="EUR", asked_by=creator.pk, at=now())
        run_all()

    def hear() -> None:
        payments.settle_payout(payout_id=PayoutRow.objects.get().pk, at=now())
        run_all()

    for write in each_death(pay_out):
        go_on(pay_out)
        assert SandboxTransfer.objects.count() == PayoutRow.objects.count() == journals("payout:") - 1 == 1, write
        assert balance("payout:due") == -9_000
    pay_out()
    for status in ("paid", "returned"):
        SandboxTransfer.objects.update(status=status, reason="closed" if status == "returned" else "")
        for write in each_death(hear):
            go_on(hear)
            assert PayoutRow.objects.get().state == PayoutState(status), write
            assert balance("payout:due") == 0
            assert balance(account) == (0 if status == "paid" else -9_000)

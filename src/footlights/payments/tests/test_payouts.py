"""Earnings that are sent, arrive, or come back."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.payments import events, jobs
from footlights.payments.adapters.gateway import Account, Transfer, TransferStatus
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.adapters.sandbox import payouts
from footlights.payments.adapters.sandbox.models import SandboxAccount, SandboxEvent, SandboxTransfer
from footlights.payments.api import (
    DestinationNotReadyError,
    DestinationState,
    GatewayRefusedError,
    GatewayUnreachableError,
    PayoutState,
    get_destination,
    get_payout,
    open_destination,
    payout,
    sandbox,
    settle_destination,
    settle_payout,
)
from footlights.payments.models import DestinationRow, PayoutRow
from footlights.payments.operations.payout import record_transfer
from footlights.payments.testing import settle_unknown, webhooks_arrive

pytestmark = pytest.mark.django_db
EARNED = Money(36_000, "EUR")


def open_one(**changes):
    asked = {"reference": "bank:1", "return_path": "/earned", "idempotency_key": "d", "at": now()}
    return open_destination(**(asked | changes))


def bank_at(bank: str):
    """A destination whose holder chose a test bank."""
    make_person()
    destination = open_one()
    sandbox.choose_bank(destination.hosted_url.rpartition("/")[2], bank=bank, at=now())
    with webhooks_arrive():
        run_jobs()
    return get_destination(destination.ref)


def test_a_bank_whose_webhook_is_lost_is_known_all_the_same(db, published) -> None:
    make_person()
    destination = open_one()
    sandbox.choose_bank(destination.hosted_url.rpartition("/")[2], bank="pays", at=now())
    run_jobs(only="payments.settle_payee", until=now() + timedelta(days=2))
    assert get_destination(destination.ref).state is DestinationState.READY
    assert [type(fact) for fact in published] == [events.DestinationReady]


def send(destination, **changes):
    asked = {
        "reference": "earned:1", "destination_ref": destination.ref, "amount": EARNED, "idempotency_key": "p",
        "at": now(),
    }  # fmt: skip
    return payout(**(asked | changes))


def wait(seconds: int = 300) -> None:
    with webhooks_arrive():
        run_jobs(until=now() + timedelta(seconds=seconds))


@pytest.fixture
def ready(gateway):
    destination = open_one()
    gateway.accounts[destination.ref] = Account(f"account-{destination.ref}", destination.ref, "", True, "My bank")
    return settle_destination(destination_ref=destination.ref, at=now())


def test_a_destination_is_ready_once_its_holder_chose_a_bank(published) -> None:
    destination = bank_at("pays")
    assert (destination.state, destination.label) == (DestinationState.READY, "Test bank •••• 0001")
    told = [fact for fact in published if isinstance(fact, events.DestinationReady)]
    assert [(fact.destination_ref, fact.reference) for fact in told] == [(destination.ref, "bank:1")]
    assert open_one().state is DestinationState.READY
    assert SandboxAccount.objects.count() == 1
    assert str(DestinationRow.objects.get()) == "bank:1"
    assert str(SandboxAccount.objects.get()).startswith("acct_")


def test_nothing_is_sent_where_nobody_said_to(db) -> None:
    make_person()
    destination = open_one()
    assert destination.state is DestinationState.OPEN
    with pytest.raises(DestinationNotReadyError):
        send(destination)
    assert not PayoutRow.objects.exists()
    with pytest.raises(GatewayRefusedError, match="nobody has said"):
        gateway_named("sandbox").send(reference="r", account_ref=SandboxAccount.objects.get().pk, amount=EARNED)


@pytest.mark.parametrize("lookup", [get_destination, lambda ref: settle_destination(destination_ref=ref, at=now())])
@pytest.mark.parametrize("ref", ["nonsense", "0b0e8f1c-5a4e-4d0c-9d8e-3f6f0c1a2b3d"])
def test_there_is_no_destination_nobody_opened(db, lookup, ref: str) -> None:
    with pytest.raises(NotFoundError):
        lookup(ref)


def test_there_is_no_payout_nobody_asked_for(db) -> None:
    for missing in (get_payout, lambda it: settle_payout(payout_id=it, at=now())):
        with pytest.raises(NotFoundError):
            missing(uuid.uuid4())


def test_a_key_is_one_destination(gateway) -> None:
    open_one()
    with pytest.raises(IdempotencyConflictError):
        open_one(reference="bank:2")


def test_a_destination_whose_page_could_not_be_opened_is_opened_by_the_next_click(gateway) -> None:
    gateway.silent = True
    with pytest.raises(GatewayUnreachableError):
        open_one()
    ref = str(DestinationRow.objects.get().pk)
    assert settle_destination(destination_ref=ref, at=now()).state is DestinationState.OPENING
    gateway.silent = False
    assert open_one().state is DestinationState.OPEN


@pytest.mark.parametrize(
    ("bank", "state", "told"),
    [
        ("pays", PayoutState.PAID, [events.PayoutPaid]),
        ("returns", PayoutState.RETURNED, [events.PayoutPaid, events.PayoutReturned]),
        ("refuses", PayoutState.RETURNED, [events.PayoutReturned]),
    ],
)
def test_each_bank_does_what_it_says_and_it_is_told_once(published, bank: str, state, told: list) -> None:
    sent = send(bank_at(bank))
    assert sent.state is PayoutState.SENT
    for seconds in (10, 300, 300):
        wait(seconds)
    assert get_payout(sent.id).state is state
    facts = [fact for fact in published if isinstance(fact, events.PayoutPaid | events.PayoutReturned)]
    assert [type(fact) for fact in facts] == told
    assert {(fact.payout_id, fact.reference, fact.amount, fact.gateway) for fact in facts} == {
        (sent.id, "earned:1", EARNED, "sandbox")
    }
    assert getattr(facts[-1], "was_paid", False) is (bank == "returns")
    booked = {each.account: each.amount.amount_minor for each in list_balances()}
    assert booked == {"gateway:sandbox": -25, "gatewaycost:sandbox": 25}  # the rest books whoever owes the money
    assert str(PayoutRow.objects.get()) == "earned:1"
    assert str(SandboxTransfer.objects.get()).startswith("po_")


def test_a_payout_whose_answer_is_lost_was_sent_once_and_is_found() -> None:
    sent = send(bank_at("lost"))
    assert sent.state is PayoutState.ASKED
    for minutes in range(1, 3):
        settle_unknown(at=now() + timedelta(minutes=minutes))
    assert get_payout(sent.id).state is PayoutState.SENT
    wait()
    assert get_payout(sent.id).state is PayoutState.PAID
    assert SandboxTransfer.objects.count() == 1


def test_a_payout_the_gateway_never_heard_of_is_sent_by_the_sweep(ready, gateway) -> None:
    gateway.silent = True
    sent = send(ready)
    gateway.silent = False
    gateway.transfers.clear()
    PayoutRow.objects.update(next_check_at=now())
    jobs.sweep.func(timestamp=0)
    assert run_jobs(only="payments.settle_sent") == 1
    assert get_payout(sent.id).state is PayoutState.SENT
    assert gateway.calls == ["send", "find", "send"]


def test_a_gateway_that_does_not_know_what_it_sent_gives_nothing_back(ready, gateway, published) -> None:
    sent = send(ready)
    gateway.refused.add(sent.gateway_ref)
    assert settle_payout(payout_id=sent.id, at=now()).state is PayoutState.SENT
    assert not [fact for fact in published if isinstance(fact, events.PayoutReturned)]


def test_what_the_gateway_will_not_send_is_here_again(ready, gateway, published, monkeypatch) -> None:
    monkeypatch.setattr(gateway, "send", mock.Mock(side_effect=GatewayRefusedError("No.")))
    assert send(ready).state is PayoutState.RETURNED
    assert [fact.reason for fact in published if isinstance(fact, events.PayoutReturned)] == ["No."]


def test_the_same_payout_is_sent_once(ready, gateway) -> None:
    assert send(ready) == send(ready)
    with pytest.raises(IdempotencyConflictError):
        send(ready, amount=Money(1, "EUR"))
    with pytest.raises(IdempotencyConflictError):
        send(ready, idempotency_key="p2")
    assert len(gateway.transfers) == 1


def test_the_sandbox_sends_once_for_each_reference_and_tells_each_news_once(db) -> None:
    bank_at("pays")
    account = SandboxAccount.objects.get().pk
    sandbox_gateway = gateway_named("sandbox")
    first = sandbox_gateway.send(reference="r", account_ref=account, amount=EARNED)
    assert sandbox_gateway.send(reference="r", account_ref=account, amount=EARNED) == first
    for status in ("paid", "paid", "returned", "paid"):
        payouts.settle(first.ref, status=status, at=now())
    kinds = SandboxEvent.objects.filter(subject=first.ref).values_list("kind", flat=True)
    assert list(kinds) == ["transfer.paid", "transfer.returned"]


def test_news_of_the_past_moves_nothing_back(ready, gateway) -> None:
    sent = send(ready)
    for status in (TransferStatus.RETURNED, TransferStatus.PENDING, TransferStatus.PAID):
        record_transfer(payout_id=sent.id, transfer=Transfer(sent.gateway_ref, "", status, EARNED), at=now())
    assert get_payout(sent.id).state is PayoutState.RETURNED


def test_what_the_sandbox_does_not_know_it_refuses(db) -> None:
    sandbox_gateway = gateway_named("sandbox")
    for question in (
        lambda: sandbox_gateway.fetch_account("acct_x"),
        lambda: sandbox_gateway.fetch_contest("dp_x"),
        lambda: sandbox_gateway.fetch_transfer(ref="po_x", account_ref=""),
        lambda: sandbox_gateway.send(reference="r", account_ref="acct_x", amount=EARNED),
    ):
        with pytest.raises(GatewayRefusedError):
            question()


def test_a_webhook_about_a_destination_or_payout_that_is_not_ours_changes_nothing(db) -> None:
    sent = send(bank_at("pays"))
    SandboxTransfer.objects.update(merchant_reference="another shop's")
    SandboxAccount.objects.update(merchant_reference="another shop's", bank="")
    sandbox.choose_bank(SandboxAccount.objects.get().pk, bank="pays", at=now())
    wait()
    assert get_payout(sent.id).state is PayoutState.SENT


def test_where_there_are_no_pieces_so_small_sending_costs_nothing(db) -> None:
    sent = send(bank_at("pays"), amount=Money(36_000, "JPY"))
    assert PayoutRow.objects.get(pk=sent.id).cost is None

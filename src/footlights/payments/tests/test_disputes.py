"""Banks that take payments back for their customers, and what is answered to them."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel import crypto
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of, list_balances, list_journal
from footlights.payments import events, jobs
from footlights.payments.adapters.gateway import CheckoutStatus, Contest, ContestStatus
from footlights.payments.adapters.sandbox import disputes as bank
from footlights.payments.adapters.sandbox.models import SandboxDispute
from footlights.payments.api import (
    DisputeClosedError,
    DisputeState,
    GatewayUnreachableError,
    NothingToRefundError,
    PaymentState,
    RefundTooLargeError,
    charge_saved_method,
    find_default_method,
    find_evidence,
    get_dispute,
    get_payment,
    list_disputes,
    list_payment_causes,
    list_payment_events,
    open_method_setup,
    refund_payment,
    settle_payment,
    submit_evidence,
)
from footlights.payments.models import DisputeRow
from footlights.payments.operations.record_dispute import record_dispute
from footlights.payments.resealing import reseal_evidence
from footlights.payments.testing import make_dispute, pay, settle_unknown, webhooks_arrive
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db
EURO = 100


def euro(amount: float) -> Money:
    return Money(round(amount * EURO), "EUR")


def disputed(card: str = "disputed"):
    make_person()
    payment = ask()
    pay(card, payment.hosted_url)
    return payment


def let_the_bank_decide(days: int = 0) -> None:
    with webhooks_arrive():
        run_jobs(until=now() + timedelta(days=days, minutes=1))


@pytest.fixture
def contested(gateway):
    """A captured payment at the obedient gateway, and a dispute of it."""
    payment = ask()
    gateway.decide(payment.gateway_ref, CheckoutStatus.PAID)
    settle_payment(payment_id=payment.id, at=now())
    gateway.contests["d"] = Contest("d", str(payment.id), ContestStatus.OPEN, euro(4), "Not mine")
    return payment


def test_a_dispute_takes_the_money_and_the_fee_out_of_what_the_gateway_holds(db) -> None:
    payment = disputed()
    [dispute] = list_disputes()
    assert (dispute.state, dispute.amount, dispute.fee) == (DisputeState.OPEN, euro(4), euro(15))
    assert dispute.answer_by > now() + timedelta(days=6)
    assert balance_of("dispute:sandbox", "EUR") == euro(4)
    assert balance_of("gatewaycost:sandbox", "EUR") == euro(15.31)
    assert "dispute_opened" in [event.name for event in list_payment_events(payment.id)]
    assert str(DisputeRow.objects.get()) == str(SandboxDispute.objects.get())


def test_a_dispute_that_is_answered_is_won_and_the_money_is_here_again(db, published) -> None:
    payment = disputed()
    [dispute] = list_disputes()
    submit_evidence(dispute_id=dispute.id, document="They watched it twice.", at=now())
    let_the_bank_decide()
    assert get_dispute(dispute.id).state is DisputeState.WON
    assert not balance_of("dispute:sandbox", "EUR")
    assert balance_of("platform:suspense", "EUR") == euro(0)
    closed = [fact for fact in published if isinstance(fact, events.DisputeClosed)]
    assert [(fact.won, fact.reference, fact.amount) for fact in closed] == [(True, "thing:1", euro(4))]
    assert refund_payment(payment_id=payment.id, idempotency_key="r", at=now()).state is PaymentState.REFUNDED


@pytest.mark.parametrize("answer", ["", "They watched it twice."])
def test_a_dispute_that_is_lost_leaves_its_amount_to_whoever_sold(db, published, answer: str) -> None:
    disputed("disputed_lost")
    [dispute] = list_disputes()
    if answer:
        submit_evidence(dispute_id=dispute.id, document=answer, at=now())
    let_the_bank_decide(days=8)
    assert get_dispute(dispute.id).state is DisputeState.LOST
    assert balance_of("platform:suspense", "EUR") == euro(4)
    assert not balance_of("dispute:sandbox", "EUR")
    assert not sum(balance.amount.amount_minor for balance in list_balances())
    assert [type(fact) for fact in published].count(events.DisputeClosed) == 1


@pytest.mark.parametrize(("card", "state"), [("disputed", DisputeState.WON), ("disputed_lost", DisputeState.LOST)])
def test_the_bank_decides_about_a_charge_without_the_buyer_too(db, card: str, state: DisputeState) -> None:
    payer = make_person().pk
    pay(card, open_method_setup(payer_id=payer, return_path="/", idempotency_key="card", at=now()).hosted_url)
    charge_saved_method(
        method_id=find_default_method(payer).id,
        reference="thing:1",
        amount=euro(4),
        description="A month",
        idempotency_key="k",
        at=now(),
    )
    let_the_bank_decide()
    [dispute] = list_disputes()
    submit_evidence(dispute_id=dispute.id, document="They watched it twice.", at=now())
    let_the_bank_decide()
    assert get_dispute(dispute.id).state is state


def test_a_dispute_nobody_answers_is_lost_after_its_time(db) -> None:
    disputed()
    let_the_bank_decide(days=8)
    assert list_disputes(state=DisputeState.OPEN) == []
    [dispute] = list_disputes(state=DisputeState.LOST)
    with pytest.raises(DisputeClosedError):
        submit_evidence(dispute_id=dispute.id, document="too late", at=now())


def test_a_dispute_that_is_heard_of_before_its_payment_finds_the_capture_first(db, published) -> None:
    payment = disputed("reordered")
    facts = [type(fact) for fact in published]
    assert facts.index(events.PaymentCaptured) < facts.index(events.DisputeOpened)
    assert get_payment(payment.id).state is PaymentState.CAPTURED
    let_the_bank_decide()
    assert [type(fact) for fact in published].count(events.PaymentCaptured) == 1


def test_a_dispute_whose_payment_cannot_be_asked_about_waits(contested, gateway) -> None:
    other = ask(reference="thing:2", idempotency_key="k2")
    contest = Contest("e", str(other.id), ContestStatus.OPEN, euro(4), "")
    with pytest.raises(GatewayUnreachableError):
        record_dispute(gateway="obedient", contest=contest, at=now())
    assert not list_disputes(payment_id=other.id)


def test_a_dispute_of_another_shop_is_not_ours(contested) -> None:
    record_dispute(gateway="obedient", contest=Contest("f", "elsewhere", ContestStatus.OPEN, euro(4), ""), at=now())
    assert list_disputes() == []


def test_opened_and_closed_heard_at_once_is_both_and_once(contested, gateway, published) -> None:
    contest = Contest("d", str(contested.id), ContestStatus.LOST, euro(1), "Not mine")
    for _ in range(3):
        record_dispute(gateway="obedient", contest=contest, at=now())
    assert [type(fact) for fact in published] == [events.DisputeOpened, events.DisputeClosed]
    [dispute] = list_disputes(payment_id=contested.id)
    assert (dispute.fee, dispute.reason) == (None, "Not mine")
    assert len([cause for cause in list_payment_causes(contested.id) if list_journal(cause)]) == 2


def test_what_the_bank_took_is_not_given_back_a_second_time(db) -> None:
    payment = disputed()
    with pytest.raises(NothingToRefundError, match="bank"):
        refund_payment(payment_id=payment.id, idempotency_key="r", at=now())
    with pytest.raises(RefundTooLargeError):
        refund_payment(payment_id=payment.id, idempotency_key="r", at=now(), amount=euro(1))


def test_what_went_back_before_the_dispute_stays_the_only_refund(contested, gateway) -> None:
    refund_payment(payment_id=contested.id, idempotency_key="r", at=now(), amount=euro(1))
    record_dispute(gateway="obedient", contest=gateway.contests["d"], at=now())
    with pytest.raises(NothingToRefundError):
        refund_payment(payment_id=contested.id, idempotency_key="r2", at=now())
    assert refund_payment(payment_id=contested.id, idempotency_key="r", at=now()).refunded == euro(1)


def test_evidence_is_kept_sealed_and_handed_in_once(contested, gateway) -> None:
    record_dispute(gateway="obedient", contest=gateway.contests["d"], at=now())
    [dispute] = list_disputes()
    assert find_evidence(dispute.id) == ""
    for _ in range(2):
        answered = submit_evidence(dispute_id=dispute.id, document="Watched twice.", at=now())
    assert answered.answered_at
    assert gateway.evidence == ["Watched twice."]
    assert b"Watched" not in bytes(DisputeRow.objects.get().sealed_evidence)
    assert find_evidence(dispute.id) == "Watched twice."
    with pytest.raises(IdempotencyConflictError):
        submit_evidence(dispute_id=dispute.id, document="In other words.", at=now())


def test_evidence_that_was_not_taken_is_handed_in_by_the_sweep(contested, gateway) -> None:
    record_dispute(gateway="obedient", contest=gateway.contests["d"], at=now())
    [dispute] = list_disputes()
    gateway.silent = True
    submit_evidence(dispute_id=dispute.id, document="Watched twice.", at=now())
    assert gateway.evidence == []
    gateway.silent = False
    DisputeRow.objects.update(answered_at=now() - timedelta(minutes=1))
    jobs.sweep.func(timestamp=0)
    assert run_jobs(only="payments.answer_bank") == 1
    assert settle_unknown(at=now() + timedelta(minutes=2)) == 0
    assert gateway.evidence == ["Watched twice."]


def test_evidence_the_gateway_will_not_take_is_not_offered_for_ever(contested, gateway) -> None:
    dispute = make_dispute(contested.id)
    gateway.refused.add(dispute.gateway_ref)
    submit_evidence(dispute_id=dispute.id, document="Watched twice.", at=now())
    assert settle_unknown(at=now() + timedelta(minutes=2)) == 0
    assert "refused" in [event.name for event in list_payment_events(contested.id)]


@pytest.mark.parametrize("document", ["", "  ", "x" * 20_001])
def test_evidence_is_a_text_a_bank_would_take(contested, gateway, document: str) -> None:
    record_dispute(gateway="obedient", contest=gateway.contests["d"], at=now())
    with pytest.raises(InvalidInputError):
        submit_evidence(dispute_id=list_disputes()[0].id, document=document, at=now())


def test_there_is_no_dispute_nobody_opened(db) -> None:
    with pytest.raises(NotFoundError):
        get_dispute(uuid.uuid4())
    with pytest.raises(NotFoundError):
        submit_evidence(dispute_id=uuid.uuid4(), document="x", at=now())
    assert find_evidence(uuid.uuid4()) == ""


def test_evidence_is_sealed_anew_with_the_rest(contested, gateway, monkeypatch) -> None:
    record_dispute(gateway="obedient", contest=gateway.contests["d"], at=now())
    submit_evidence(dispute_id=list_disputes()[0].id, document="Watched twice.", at=now())
    assert reseal_evidence() == 0
    monkeypatch.setattr("footlights.kernel.keyset.prefix", lambda: b"12345")
    monkeypatch.setattr(
        "footlights.kernel.crypto.reseal", lambda sealed, context: b"12345" + crypto.unseal(sealed, context=context)
    )
    assert reseal_evidence() == 1


def test_the_bank_hears_one_answer_and_decides_once(db) -> None:
    disputed()
    ref = SandboxDispute.objects.get().pk
    bank.answer_dispute(ref, evidence="first", at=now())
    bank.answer_dispute(ref, evidence="second", at=now())
    bank.open_dispute(SandboxDispute.objects.get().checkout_id, at=now())
    for _ in range(2):
        bank.decide(ref, at=now())
    assert (SandboxDispute.objects.get().evidence, SandboxDispute.objects.get().status) == ("first", "won")


def test_what_a_bank_decided_is_learned_though_nobody_told_us(contested, gateway, published) -> None:
    record_dispute(gateway="obedient", contest=gateway.contests["d"], at=now())
    gateway.contests["d"] = replace(gateway.contests["d"], status=ContestStatus.LOST)
    assert settle_unknown(at=now() + timedelta(hours=23)) == 0
    gateway.silent = True
    tomorrow = now() + timedelta(days=1)
    assert (settle_unknown(at=tomorrow), settle_unknown(at=tomorrow)) == (1, 0)
    assert list_payment_events(contested.id)[-1].name == "no_answer"
    gateway.silent = False
    DisputeRow.objects.update(looked_at=now() - timedelta(days=1))
    jobs.sweep.func(timestamp=0)
    assert run_jobs(only="payments.ask_bank") == 1
    assert [type(fact) for fact in published] == [events.DisputeOpened, events.DisputeClosed]
    assert list_disputes(payment_id=contested.id)[0].state is DisputeState.LOST
    assert settle_unknown(at=tomorrow + timedelta(days=9)) == 0

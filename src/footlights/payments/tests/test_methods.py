"""Ways of paying that are kept, and charged without their holder."""

import uuid
from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments import events
from footlights.payments.adapters.gateway import CheckoutStatus, Order
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxMethod
from footlights.payments.api import (
    GatewayUnreachableError,
    MethodGoneError,
    PaymentsClosedError,
    PaymentState,
    SetupState,
    charge_saved_method,
    find_default_method,
    forget_method,
    get_payment,
    list_methods,
    make_default,
    open_method_setup,
    sandbox,
    settle_method_setup,
    settle_payment,
)
from footlights.payments.models import CustomerRow, MethodRow, PaymentRow, SetupRow
from footlights.payments.operations.open_method_setup import record_setup
from footlights.payments.testing import pay, pay_with, settle_unknown, webhooks_arrive
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db
PRICE = Money(400, "EUR")


@pytest.fixture
def payer() -> uuid.UUID:
    return make_person().id


def keep(payer: uuid.UUID, card: str = "paid", key: str = "s"):
    """A card kept on the gateway's page, with nothing paid."""
    setup = open_method_setup(payer_id=payer, return_path="/back", idempotency_key=key, at=now())
    pay(card, setup.hosted_url)
    confirm_with_the_bank(setup.hosted_url)
    return find_default_method(payer)


def confirm_with_the_bank(hosted_url: str) -> None:
    sandbox.answer_challenge(hosted_url.rpartition("/")[2], approved=True, at=now())
    with webhooks_arrive():
        run_jobs()


def charge(method, *, key: str = "c", **changes):
    asked = {"reference": f"invoice:{key}", "amount": PRICE, "description": "A month", "at": now()}
    return charge_saved_method(**{"method_id": method.id, "idempotency_key": key, **asked, **changes})


def test_what_pays_a_checkout_is_kept_when_its_payer_wants_that(payer, published) -> None:
    payment = ask(payer_id=payer, save_method=True)
    pay("paid", payment.hosted_url)
    method = find_default_method(payer)
    assert (method.label, method.last4, method.is_default) == ("Test card •••• 0002", "0002", True)
    assert method.expires > now().date()
    saved = [fact for fact in published if isinstance(fact, events.MethodSaved)]
    assert [(fact.method_id, fact.reference) for fact in saved] == [(method.id, "thing:1")]


@pytest.mark.parametrize("wish", [{"save_method": True}, {"payer_id": uuid.uuid4()}])
def test_nothing_is_kept_without_a_payer_who_wants_it(payer, wish: dict) -> None:
    pay("paid", ask(**wish).hosted_url)
    assert not MethodRow.objects.exists()


def test_a_method_is_kept_on_a_page_of_its_own_and_told_once(payer, published) -> None:
    setup = open_method_setup(payer_id=payer, return_path="/back", idempotency_key="s", at=now())
    assert setup.state is SetupState.OPEN
    pay("twice", setup.hosted_url)
    again = open_method_setup(payer_id=payer, return_path="/back", idempotency_key="s", at=now())
    assert (again.state, again.method_id) == (SetupState.SAVED, find_default_method(payer).id)
    assert [type(fact) for fact in published] == [events.MethodSaved]
    assert not PaymentRow.objects.exists()


def test_whoever_comes_back_before_the_webhook_learns_it_by_asking(payer) -> None:
    setup = open_method_setup(payer_id=payer, return_path="/back", idempotency_key="s", at=now())
    pay_with("paid", setup.hosted_url)
    assert settle_method_setup(setup_id=setup.id, at=now()).state is SetupState.SAVED
    assert settle_method_setup(setup_id=setup.id, at=now()).method_id == find_default_method(payer).id


def test_a_card_whose_webhook_is_lost_is_kept_all_the_same(payer, published) -> None:
    setup = open_method_setup(payer_id=payer, return_path="/back", idempotency_key="s", at=now())
    pay_with("paid", setup.hosted_url)
    run_jobs(only="payments.settle_page", until=now() + timedelta(days=2))
    assert find_default_method(payer)
    assert [type(fact) for fact in published] == [events.MethodSaved]


def test_a_card_the_bank_refuses_is_not_kept(payer) -> None:
    assert keep(payer, "declined") is None
    assert SetupRow.objects.get().state == SetupState.FAILED


def test_a_page_that_could_not_be_opened_is_opened_by_the_next_click(payer, gateway) -> None:
    gateway.silent = True
    with pytest.raises(GatewayUnreachableError):
        keep(payer)
    gateway.silent = False
    setup = open_method_setup(payer_id=payer, return_path="/back", idempotency_key="s", at=now())
    assert (setup.state, len(gateway.setups)) == (SetupState.OPEN, 1)


def test_the_same_key_is_not_for_somebody_else(payer) -> None:
    keep(payer)
    with pytest.raises(IdempotencyConflictError):
        open_method_setup(payer_id=uuid.uuid4(), return_path="/back", idempotency_key="s", at=now())
    with pytest.raises(NotFoundError):
        settle_method_setup(setup_id=uuid.uuid4(), at=now())


def test_a_public_address_keeps_no_test_card(payer, settings) -> None:
    settings.SANDBOX_SELLS = False
    with pytest.raises(PaymentsClosedError):
        keep(payer)


def test_the_newest_is_the_default_until_another_is_named(payer) -> None:
    first, second = keep(payer), keep(payer, "challenge", key="s2")
    assert [method.id for method in list_methods(payer)] == [second.id, first.id]
    assert not list_methods(payer)[1].is_default
    make_default(payer_id=payer, method_id=first.id)
    assert find_default_method(payer).id == first.id
    assert str(MethodRow.objects.get(pk=first.id)) == first.label
    assert str(SetupRow.objects.earliest("created_at")) == "s"
    assert str(CustomerRow.objects.get()) == f"cus_{payer}"
    assert str(SandboxMethod.objects.first()).startswith("pm_")


def test_what_is_forgotten_is_gone_here_and_at_the_gateway(payer) -> None:
    first, second = keep(payer), keep(payer, key="s2")
    for _ in range(2):
        forget_method(payer_id=payer, method_id=second.id, at=now())
    assert [method.id for method in list_methods(payer)] == [first.id]
    assert find_default_method(payer).id == first.id
    assert SandboxMethod.objects.filter(detached_at=None).count() == 1
    assert not MethodRow.objects.get(pk=second.id).last4
    for refused in (lambda: charge(second), lambda: make_default(payer_id=payer, method_id=second.id)):
        with pytest.raises(MethodGoneError):
            refused()


def test_forgetting_one_that_is_not_the_default_changes_no_default(payer) -> None:
    first, second = keep(payer), keep(payer, key="s2")
    forget_method(payer_id=payer, method_id=first.id, at=now())
    assert find_default_method(payer).id == second.id
    forget_method(payer_id=payer, method_id=second.id, at=now())
    assert find_default_method(payer) is None


def test_a_stranger_changes_nothing(payer) -> None:
    method, stranger = keep(payer), make_person().id
    with pytest.raises(NotFoundError):
        forget_method(payer_id=stranger, method_id=method.id, at=now())
    with pytest.raises(NotFoundError):
        make_default(payer_id=stranger, method_id=method.id)
    with pytest.raises(NotFoundError):
        charge_saved_method(
            method_id=stranger, reference="r", amount=PRICE, description="", idempotency_key="k", at=now()
        )
    assert find_default_method(payer) == method


@pytest.mark.parametrize(
    ("card", "state", "reason"),
    [
        ("paid", PaymentState.CAPTURED, ""),
        ("late", PaymentState.CAPTURED, ""),
        ("broke_later", PaymentState.DECLINED, "not enough money"),
        ("challenge", PaymentState.DECLINED, "confirm"),
        ("expires", PaymentState.CAPTURED, ""),
        ("error", PaymentState.UNKNOWN, "does not answer"),
        ("lost", PaymentState.UNKNOWN, "does not answer"),
    ],
)
def test_each_kept_card_ends_where_it_says(payer, card: str, state, reason: str) -> None:
    method = keep(payer, card)
    if method is None:  # nobody told us of it yet
        method = settled(payer)
    payment = charge(method)
    assert (payment.state, payment.needs_buyer) == (state, card == "challenge")
    assert reason in payment.reason
    assert (payment.payer_id, payment.method_id, payment.hosted_url) == (payer, method.id, "")


def settled(payer: uuid.UUID):
    SandboxCheckout.objects.update(answers_to_lose=0)
    settle_method_setup(setup_id=SetupRow.objects.get().pk, at=now())
    return find_default_method(payer)


@pytest.mark.parametrize("card", ["lost", "error"])
def test_a_charge_whose_answer_is_an_error_was_made_once_and_is_found(payer, card: str, published) -> None:
    method = keep(payer, card) or settled(payer)
    payment = charge(method)
    for minutes in range(1, 4):
        settle_unknown(at=now() + timedelta(minutes=minutes))
    assert get_payment(payment.id).state is PaymentState.CAPTURED
    assert charge(method).state is PaymentState.CAPTURED
    assert SandboxCheckout.objects.filter(mode="charge").count() == 1
    facts = [type(fact) for fact in published]
    assert facts.count(events.PaymentUnsettled) == facts.count(events.PaymentCaptured) == 1


def test_a_charge_the_gateway_never_heard_of_is_asked_for_again(payer, gateway, monkeypatch) -> None:
    method = make_method(payer)
    gateway.silent = True
    assert charge(method).state is PaymentState.UNKNOWN
    gateway.silent = False
    gateway.truths.clear()
    settle_unknown(at=now() + timedelta(minutes=2))
    assert get_payment(PaymentRow.objects.get().pk).state is PaymentState.CAPTURED
    assert gateway.calls == ["charge", "charge"]


def make_method(payer: uuid.UUID):
    CustomerRow.objects.create(payer_id=payer, gateway="obedient", gateway_ref="c")
    row = MethodRow.objects.create(
        payer_id=payer, gateway="obedient", gateway_ref="m", customer_ref="c", label="A card", is_default=True,
        saved_at=now(),
    )  # fmt: skip
    return row.to_record()


def test_a_card_that_expired_since_it_was_kept_is_declined(payer) -> None:
    method = keep(payer, "expires")
    SandboxMethod.objects.update(expires_on=now().date() - timedelta(days=1))
    declined = charge(method)
    assert (declined.state, declined.reason) == (PaymentState.DECLINED, "The card has expired.")


def test_the_same_key_charges_once_and_for_one_thing(payer) -> None:
    method = keep(payer)
    assert charge(method) == charge(method)
    with pytest.raises(IdempotencyConflictError):
        charge(method, amount=Money(500, "EUR"))
    with pytest.raises(IdempotencyConflictError):
        charge(method, key="c2", reference="invoice:c")
    assert SandboxCheckout.objects.filter(mode="charge").count() == 1


def test_a_decline_says_whether_the_buyer_could_mend_it(payer, published) -> None:
    charge(keep(payer, "challenge"))
    told = [fact for fact in published if isinstance(fact, events.PaymentDeclined)]
    assert [fact.needs_buyer for fact in told] == [True]


def test_a_charge_declined_at_the_gateway_and_paid_after_all_counts(payer, gateway) -> None:
    gateway.charges_end = CheckoutStatus.DECLINED
    payment = charge(make_method(payer))
    assert payment.state is PaymentState.DECLINED
    gateway.decide(payment.gateway_ref, CheckoutStatus.PAID)
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.CAPTURED


def test_the_gateway_itself_charges_once_for_each_reference(payer) -> None:
    keep(payer)
    order = Order("reference", PRICE, "A month", method_ref=SandboxMethod.objects.get().pk)
    assert gateway_named("sandbox").charge(order) == gateway_named("sandbox").charge(order)


def test_a_card_the_gateway_keeps_no_longer_is_declined_and_says_so(payer) -> None:
    method = keep(payer)
    SandboxMethod.objects.update(detached_at=now())
    declined = charge(method)
    assert (declined.state, "does not know" in declined.reason) == (PaymentState.DECLINED, True)
    assert charge(method).state is PaymentState.DECLINED


def test_what_is_told_of_a_page_twice_saves_once(payer) -> None:
    keep(payer, "twice")
    row = SetupRow.objects.get()
    truth = gateway_named("sandbox").fetch_setup(row.gateway_ref)
    record_setup(setup_id=row.pk, truth=truth, at=now())
    SetupRow.objects.update(state=SetupState.OPEN)  # as if two had looked at the same moment
    record_setup(setup_id=row.pk, truth=truth, at=now())
    assert MethodRow.objects.count() == 1


def test_of_two_who_forget_the_same_card_one_tells_the_trail(payer, monkeypatch) -> None:
    method = keep(payer)
    monkeypatch.setattr(
        "footlights.payments.adapters.sandbox.gateway.SandboxGateway.forget_method",
        lambda *_: MethodRow.objects.update(forgotten_at=now(), is_default=False),
    )
    forget_method(payer_id=payer, method_id=method.id, at=now())
    assert find_default_method(payer) is None


def test_a_webhook_about_a_page_that_is_not_ours_changes_nothing(payer) -> None:
    setup = open_method_setup(payer_id=payer, return_path="/back", idempotency_key="s", at=now())
    pay_with("paid", setup.hosted_url)
    SandboxCheckout.objects.update(merchant_reference="another shop's")
    with webhooks_arrive():
        run_jobs()
    assert SetupRow.objects.get().state == SetupState.OPEN

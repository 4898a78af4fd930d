"""A dispute that is lost comes out of the period it paid for, once, and whoever lost us that is charged no more."""

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import list_memberships
from footlights.payments.api import DisputeState, find_payment_by_reference, refund_payment
from footlights.payments.events import DisputeClosed, DisputeOpened
from footlights.payments.models import DisputeRow
from footlights.payments.testing import make_dispute, pay_with, webhooks_arrive
from footlights.subscriptions import api, handlers
from footlights.subscriptions.api import InvoiceState, State
from footlights.subscriptions.handlers import take_back_what_was_lost
from footlights.subscriptions.models import AttemptRow, InvoiceRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.hold_disputed import fit_to_disputes
from footlights.subscriptions.testing import advance_due, begin
from footlights.terms.api import DisputeAccess, NewTerm, Term, set_terms

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def closed(attempt: AttemptRow, *, won: bool = False, amount: int = 1_000) -> DisputeClosed:
    assert attempt.payment_id
    told = DisputeClosed(
        payment_id=attempt.payment_id,
        reference=attempt.reference,
        dispute_id=new_id(),
        amount=Money(amount, "EUR"),
        won=won,
        at=now(),
    )
    take_back_what_was_lost(told)
    return told


def test_the_bank_decides_for_the_member_and_nothing_of_the_period_is_left(viewer, plan, balances) -> None:
    paid = begin(viewer, plan, card="disputed")
    earn_due(at=paid.period_start + 3 * DAY)
    with webhooks_arrive():
        run_jobs(until=now() + 8 * DAY, but="media.")
    assert balances() == {}  # the gateway's fee stands against what it costs


def test_what_was_lost_is_taken_once_and_ends_the_membership(viewer, plan, balances) -> None:
    paid = begin(viewer, plan)
    earn_due(at=paid.period_start + 3 * DAY)
    told = closed(AttemptRow.objects.get())
    take_back_what_was_lost(told)
    assert balances() == {"gateway:sandbox": 1_000, "platform:suspense": -1_000}  # which payments fills when it loses
    ended = api.get_subscription(paid.id)
    assert (ended.state, ended.end_reason) == (State.ENDED, "disputed")
    assert list_memberships(viewer.id, now()) == []
    assert [invoice.state for invoice in api.list_invoices(paid.id)] == [InvoiceState.REFUNDED]


def test_fifty_copies_that_overtake_the_capture_find_the_period_first_and_take_it_once(viewer, plan, balances) -> None:
    asked = {"terms_id": plan.terms[0].id, "idempotency_key": "k", "at": now()}
    begun = api.subscribe(subscriber_id=viewer.id, **asked)
    pay_with("paid", begun.hosted_url)
    with webhooks_arrive():
        run_jobs(only="payments")
    attempt = AttemptRow.objects.get()
    attempt.payment_id = find_payment_by_reference(attempt.reference).id
    told = closed(attempt)
    for _ in range(49):
        take_back_what_was_lost(told)
    run_jobs(only="subscriptions")
    assert balances() == {"gateway:sandbox": 1_000, "platform:suspense": -1_000}
    assert api.get_subscription(begun.id).state is State.ENDED


def test_what_was_won_changes_nothing(viewer, plan) -> None:
    paid = begin(viewer, plan)
    closed(AttemptRow.objects.get(), won=True)
    assert api.get_subscription(paid.id).state is State.ACTIVE


def test_a_refund_and_a_dispute_never_take_more_than_was_paid(viewer, plan, balances) -> None:
    begin(viewer, plan)
    attempt = AttemptRow.objects.get()
    refund_payment(payment_id=attempt.payment_id, idempotency_key="r", amount=Money(400, "EUR"), at=now())
    with webhooks_arrive():
        run_jobs(but="media.")
    closed(attempt)
    assert balances() == {"gateway:sandbox": 600, "platform:suspense": -600}
    closed(attempt)
    assert InvoiceRow.objects.get().refunded_minor == 1_000


def test_who_lost_us_an_earlier_period_keeps_the_one_they_paid_and_is_charged_no_more(viewer, plan) -> None:
    paid = begin(viewer, plan)
    first = AttemptRow.objects.get()
    advance_due(at=paid.period_end)
    assert len(api.list_invoices(paid.id)) == 2
    closed(first)
    leaving = api.get_subscription(paid.id)
    assert leaving.state is State.CANCELLING
    assert list_memberships(viewer.id, now()) != []
    assert leaving.period_end == leaving.due_at


def test_money_that_came_too_late_or_otherwise_than_asked_has_no_parts(viewer, plan, balances) -> None:
    begin(viewer, plan)
    attempt = AttemptRow.objects.get()
    before = balances()
    AttemptRow.objects.update(is_unneeded=True)
    closed(attempt)
    AttemptRow.objects.update(is_unneeded=False)
    InvoiceRow.objects.update(amount_minor=1_001)
    closed(attempt)
    assert balances() == before


def test_what_is_owed_of_the_next_period_is_asked_for_no_more_when_the_last_paid_one_went_back(viewer, plan) -> None:
    paid = begin(viewer, plan, card="broke_later")
    advance_due(at=paid.period_end)
    states = InvoiceRow.objects.order_by("number").values_list("state", flat=True)
    assert list(states.all()) == [InvoiceState.PAID, InvoiceState.OPEN]
    closed(AttemptRow.objects.get(by_page=True))
    assert list(states.all()) == [InvoiceState.REFUNDED, InvoiceState.VOID]
    tries = AttemptRow.objects.count()
    for days in range(1, 9):
        advance_due(at=paid.period_end + days * DAY)
    assert (api.get_subscription(paid.id).state, AttemptRow.objects.count()) == (State.ENDED, tries)


def opened(attempt: AttemptRow) -> None:
    assert attempt.payment_id
    told = {"payment_id": attempt.payment_id, "reference": attempt.reference, "dispute_id": new_id(), "at": now()}
    handlers.hold_what_is_disputed(DisputeOpened(**told, amount=Money(1_000, "EUR"), fee=None, reason="fraud"))


def is_held(viewer) -> bool:
    [membership] = list_memberships(viewer.id, now())
    return bool(membership.held_at)


def test_a_membership_waits_while_a_bank_decides_about_its_newest_period(viewer, plan) -> None:
    paid = begin(viewer, plan)
    first = AttemptRow.objects.get()
    make_dispute(first.payment_id)
    opened(first)
    assert is_held(viewer)
    DisputeRow.objects.update(state=DisputeState.WON, closed_at=now())
    handlers.let_go_what_was_decided(closed(first, won=True))
    assert not is_held(viewer)
    advance_due(at=paid.period_end)
    DisputeRow.objects.update(state=DisputeState.OPEN, closed_at=None)
    opened(first)
    assert not is_held(viewer), "the next one is paid"


def test_what_is_held_is_not_renewed_and_goes_on_from_the_day_it_is_let_go(viewer, plan) -> None:
    paid = begin(viewer, plan)
    first, after = AttemptRow.objects.get(), paid.period_end + 9 * DAY
    make_dispute(first.payment_id)
    opened(first)
    assert api.is_held(paid)
    for day in range(9):
        advance_due(at=paid.period_end + day * DAY)
    assert len(api.list_invoices(paid.id)) == 1
    DisputeRow.objects.update(state=DisputeState.WON, closed_at=now())
    fit_to_disputes(attempt_id=first.pk, payment_id=first.payment_id, at=after)
    assert not api.is_held(paid)
    advance_due(at=after)
    newest = api.list_invoices(paid.id)[0]
    assert (newest.state, newest.period_start) == (InvoiceState.PAID, after)


def test_terms_may_let_a_disputed_membership_stay_open_and_nothing_else_is_a_period(viewer, plan) -> None:
    begin(viewer, plan)
    attempt = AttemptRow.objects.get()
    make_dispute(attempt.payment_id)
    set_terms(
        changes=[NewTerm(term=Term.DISPUTE_ACCESS, value=DisputeAccess.KEEP)], by_id=new_id(), at=now(), from_at=now()
    )
    opened(attempt)
    assert not is_held(viewer)
    InvoiceRow.objects.update(amount_minor=1_001)
    opened(attempt)
    assert not is_held(viewer)

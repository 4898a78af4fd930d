"""Another amount than asked was charged: it was never a period, and is none either when it goes back."""

import pytest

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.api import find_payment_by_reference, refund_payment
from footlights.payments.booked import booked
from footlights.payments.comparing import Key
from footlights.payments.events import RefundFailed
from footlights.payments.naming import things_of
from footlights.payments.testing import pay
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.handlers import keep_what_came_back
from footlights.subscriptions.models import AttemptRow
from footlights.subscriptions.testing import begin, make_plan

pytestmark = pytest.mark.django_db


def test_flagged_money_that_goes_back_was_never_a_period(viewer, plan, balances) -> None:
    asked = {"terms_id": plan.terms[0].id, "idempotency_key": "k", "at": now()}
    begun = api.subscribe(subscriber_id=viewer.id, **asked)
    pay("altered", begun.hosted_url)
    payment = find_payment_by_reference(AttemptRow.objects.get().reference)
    assert payment
    assert payment.seen_amount
    give_back = {"payment_id": payment.id, "at": now()}
    refund_payment(**give_back, idempotency_key="a part", amount=Money(1, "EUR"))
    run_jobs(only="subscriptions")
    assert api.get_subscription(begun.id).state is State.PENDING, "a part of it that goes back decides nothing"
    keep_what_came_back(RefundFailed(payment.id, payment.reference, new_id(), Money(1, "EUR"), now()))
    refund_payment(**give_back, idempotency_key="the rest")
    run_jobs(only="subscriptions")
    assert api.get_subscription(begun.id).state is State.ENDED
    assert "went back" in AttemptRow.objects.get().reason
    assert balances() == {}


def test_a_period_is_found_in_the_books_by_its_payment_and_the_payment_by_its_period(viewer, plan) -> None:
    begin(viewer, plan)
    attempt = AttemptRow.objects.get()
    reference = str(attempt.payment_id)
    assert booked("sandbox", [reference])[Key(reference, "charge", "EUR")] == 1_000
    assert (
        things_of("sandbox", [f"invoice:{attempt.invoice_id}:paid"])[f"invoice:{attempt.invoice_id}:paid"].reference
        == reference
    )


def test_a_trial_that_begins_with_a_card_has_no_payment_to_keep_words_with(viewer, channel) -> None:
    begun = begin(viewer, make_plan(channel, trial_days=7))
    api.note_agreed(subscription_id=begun.id, words="Agreed", at=now())
    assert not AttemptRow.objects.exists()

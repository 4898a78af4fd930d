"""What follows from a payment, in whatever order and however often the news of it comes."""

import uuid

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.models import Journal
from footlights.monetization import api, handlers
from footlights.monetization.api import PurchaseState, get_purchase, may_watch
from footlights.monetization.models import EntitlementRow
from footlights.monetization.testing import make_offer
from footlights.payments.api import refund_payment, settle_payment
from footlights.payments.events import PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentUnsettled
from footlights.payments.testing import pay, pay_with, taken_by_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def purchase(viewer, title):
    offer = make_offer(title)
    return api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())


def facts(purchase):
    known = {"payment_id": purchase.payment_id, "reference": f"purchase:{purchase.id}", "at": now()}
    return (
        PaymentCaptured(amount=purchase.price, **known),
        PaymentRefunded(
            refund_id=uuid.uuid4(), amount=purchase.price, refunded=purchase.price, charged=purchase.price, **known
        ),
        PaymentDeclined(reason="no", **known),
        PaymentUnsettled(reason="no answer", **known),
    )


def state_of(purchase) -> PurchaseState:
    return get_purchase(purchase.id, purchase.viewer_id).state


def test_a_capture_told_often_grants_and_books_once(purchase) -> None:
    captured, *_ = facts(purchase)
    for _ in range(5):
        handlers.grant_what_was_paid(captured)
    assert EntitlementRow.objects.count() == Journal.objects.filter(cause__startswith="purchase:").count() == 1


def test_a_refund_that_overtakes_its_capture_leaves_the_books_with_both(purchase, viewer, title) -> None:
    captured, refunded, *_ = facts(purchase)
    for fact in (handlers.take_back_what_was_refunded, handlers.take_back_what_was_refunded):
        fact(refunded)
    handlers.grant_what_was_paid(captured)
    assert state_of(purchase) is PurchaseState.REFUNDED
    assert Journal.objects.filter(cause__startswith="purchase:").count() == 2
    assert not taken_by_gateway("EUR")
    assert not may_watch(viewer.id, title.id, now()).allowed


def test_late_bad_news_does_not_undo_a_sale(purchase) -> None:
    captured, _, declined, unsettled = facts(purchase)
    handlers.grant_what_was_paid(captured)
    handlers.close_what_was_not_paid(declined)
    handlers.mark_what_is_unknown(unsettled)
    assert state_of(purchase) is PurchaseState.PAID


def test_a_capture_after_a_decline_is_still_a_sale(purchase) -> None:
    captured, _, declined, _ = facts(purchase)
    handlers.close_what_was_not_paid(declined)
    handlers.grant_what_was_paid(captured)
    assert state_of(purchase) is PurchaseState.PAID


def test_payments_of_others_are_not_ours(db) -> None:
    other, one = {"payment_id": uuid.uuid4(), "reference": "tip:1", "at": now()}, Money(1, "EUR")
    handlers.grant_what_was_paid(PaymentCaptured(amount=one, **other))
    refunded = PaymentRefunded(refund_id=uuid.uuid4(), amount=one, refunded=one, charged=one, **other)
    handlers.take_back_what_was_refunded(refunded)
    handlers.close_what_was_not_paid(PaymentDeclined(reason="", **other))
    handlers.mark_what_is_unknown(PaymentUnsettled(reason="", **other))
    assert not Journal.objects.exists()


def test_the_seller_and_administrators_refund_and_nobody_else(purchase, creator, staff, viewer, stranger) -> None:
    pay("paid", purchase.hosted_url)
    for nobody in (viewer, stranger):
        with pytest.raises(NotFoundError):
            api.refund_purchase(purchase_id=purchase.id, by_id=nobody.id, idempotency_key="r", at=now())
    assert state_of(purchase) is PurchaseState.PAID
    with pytest.raises(NotFoundError):
        api.refund_purchase(purchase_id=uuid.uuid4(), by_id=staff.id, idempotency_key="r", at=now())
    for by, key in ((creator, "r"), (creator, "r"), (staff, "another")):
        refunded = api.refund_purchase(purchase_id=purchase.id, by_id=by.id, idempotency_key=key, at=now())
        assert refunded.state is PurchaseState.REFUNDED
    run_jobs(only="monetization")
    assert Journal.objects.filter(cause__startswith="purchase:").count() == 2


def test_a_refund_before_the_news_of_the_capture_is_whole(purchase, staff, viewer, title) -> None:
    pay_with("paid", purchase.hosted_url)
    settle_payment(payment_id=purchase.payment_id, at=now())  # captured, and its news still waits
    api.refund_purchase(purchase_id=purchase.id, by_id=staff.id, idempotency_key="r", at=now())
    run_jobs(only="monetization")
    assert state_of(purchase) is PurchaseState.REFUNDED
    assert not taken_by_gateway("EUR")


def test_a_refund_the_gateway_does_not_answer_is_told_later(purchase, staff, monkeypatch) -> None:
    from footlights.payments.adapters.registry import gateway_named
    from footlights.payments.api import GatewayUnreachableError

    pay("paid", purchase.hosted_url)

    def silence(**_):
        raise GatewayUnreachableError("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(gateway_named("sandbox"), "refund", silence)
        asked = api.refund_purchase(purchase_id=purchase.id, by_id=staff.id, idempotency_key="r", at=now())
    assert asked.state is PurchaseState.PAID
    refund_payment(payment_id=purchase.payment_id, idempotency_key="r", at=now())
    run_jobs(only="monetization")
    assert state_of(purchase) is PurchaseState.REFUNDED


def test_a_payment_without_a_purchase_has_a_story_too(db) -> None:
    from footlights.payments.tests.conftest import ask

    story = api.explain_payment(ask().id)
    assert (story.purchase, story.entitlements, story.entries) == (None, [], [])
    assert [event.name for event in story.events] == ["asked", "open"]
    with pytest.raises(NotFoundError):
        api.explain_payment(uuid.uuid4())

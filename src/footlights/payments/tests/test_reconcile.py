"""The gateway's own account is compared with ours: what differs is kept, told, and settled when explained."""

from datetime import UTC, datetime, timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.audit.api import Act
from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.payments import jobs
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.adapters.sandbox import disputes, movements, service
from footlights.payments.adapters.sandbox.models import SandboxMovement
from footlights.payments.api import (
    list_differences,
    list_disputes,
    list_reconciled_days,
    list_refunds,
    open_destination,
    open_payment,
    payout,
    reconcile,
    refund_payment,
    sandbox,
    settle_destination,
    settle_differences,
    settle_payment,
)
from footlights.payments.errors import GatewayForbiddenError, GatewayUnreachableError
from footlights.payments.models import DifferenceRow, MovementRow, PaymentRow, ReconciledDayRow
from footlights.payments.operations.record_dispute import record_dispute
from footlights.payments.records import DisputeState
from footlights.payments.testing import pay_with

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _compared_since_last_week() -> None:
    make_person()
    begun = now() - 7 * DAY
    ReconciledDayRow.objects.create(gateway="sandbox", day=begun.date(), compared_at=begun)


def tonight() -> datetime:
    """The night after today, when today is compared."""
    return datetime.combine((now() + DAY).date(), datetime.min.time(), UTC) + timedelta(hours=3)


def compared() -> int:
    return reconcile(gateway="sandbox", at=tonight())


def bought(*, is_told: bool = True, is_booked: bool = True):
    payment = open_payment(
        reference=f"thing:{new_id()}",
        amount=Money(400, "EUR"),
        description="A thing",
        return_path="/back",
        idempotency_key=str(new_id()),
        at=now(),
    )
    pay_with("paid", payment.hosted_url)
    if is_booked:
        book(f"{payment.reference}:paid", 400, "thing:sold")
    return settle_payment(payment_id=payment.id, at=now()) if is_told else payment


def book(cause: str, minor: int, other: str, account: str = "gateway:sandbox") -> None:
    amount = Money(minor, "EUR")
    post_journal(cause=cause, postings=[Posting(account, amount), Posting(other, -amount)], at=now())


def lines_of(payment, kind: str = "charge"):
    return SandboxMovement.objects.filter(merchant_reference=str(payment.id), kind=kind)


def test_a_sale_a_refund_and_a_dispute_agree() -> None:
    payment = bought()
    refund_payment(payment_id=payment.id, idempotency_key="r", at=now(), amount=Money(100, "EUR"))
    [refund] = list_refunds(payment.id)
    book(f"{payment.reference}:paid:refunded:{refund.id}", -100, "thing:sold")
    bought(is_told=False)  # nobody told us: asked for before it is called a difference
    assert compared() == 0
    day = list_reconciled_days()[0]
    assert (day.matched, day.still_open, day.settled) == (2, 0, 0)
    assert not list_differences()
    assert not recorded(Act.GATEWAY_DIFFERS)


def test_what_the_gateway_loses_is_missing_there() -> None:
    payment = bought()
    lines_of(payment).delete()
    assert compared() == 1
    [found] = list_differences()
    assert (found.kind, found.here, found.there, found.payment_id) == ("charge", Money(400, "EUR"), None, payment.id)
    [told] = recorded(Act.GATEWAY_DIFFERS)
    assert (told.after or {})["differences"] == 1


@pytest.mark.parametrize(("spoil", "there"), [("alter", 300), ("double", 800)])
def test_what_the_gateway_alters_or_doubles_differs_in_amount(spoil: str, there: int) -> None:
    line = lines_of(bought()).get()
    line.amount_minor = 300 if spoil == "alter" else 400
    line.pk = line.pk if spoil == "alter" else None
    line.save()
    assert compared() == 1
    [found] = list_differences()
    assert (found.here, found.there) == (Money(400, "EUR"), Money(there, "EUR"))


def test_what_is_nobodys_is_missing_here() -> None:
    line = lines_of(bought()).get()
    line.pk, line.merchant_reference = None, ""
    line.save()
    assert compared() == 1
    [found] = list_differences()
    assert (found.here, found.there, found.payment_id) == (None, Money(400, "EUR"), None)


@pytest.mark.parametrize("is_decided", [False, True])
def test_a_dispute_nobody_told_of_is_found_and_booked(is_decided) -> None:
    payment = bought()
    disputes.open_dispute(payment.gateway_ref, at=now())
    ref = service.SandboxCheckout.objects.get(pk=payment.gateway_ref).dispute.pk
    if is_decided:
        disputes.decide(ref, at=now())  # for the buyer, as nobody answered
    assert compared() == 0
    assert compared() == 0
    [found] = list_disputes()
    assert (found.payment_id, found.amount) == (payment.id, Money(400, "EUR"))
    assert found.state == (DisputeState.LOST if is_decided else DisputeState.OPEN)
    assert not list_differences()


def test_whoever_may_not_ask_for_disputes_is_told_of_the_difference(monkeypatch) -> None:
    payment = bought()
    disputes.open_dispute(payment.gateway_ref, at=now())

    def forbid(_self, _ref):
        raise GatewayForbiddenError("not with this key")

    monkeypatch.setattr(type(gateway_named("sandbox")), "list_contests", forbid)
    assert compared() == 2
    assert {each.kind for each in list_differences()} == {"dispute", "fee"}
    assert len(recorded(Act.GATEWAY_DIFFERS)) == 1


def test_no_disputes_are_asked_for_of_a_payment_the_gateway_never_heard_of(monkeypatch) -> None:
    payment = bought(is_told=False)
    PaymentRow.objects.update(gateway_ref="", gateway="sandbox")
    asked: list[str] = []

    def silence(_payment, _at):
        raise GatewayUnreachableError("No answer.")

    monkeypatch.setattr("footlights.payments.operations.settle_payment.find_at_gateway", silence)
    monkeypatch.setattr(type(gateway_named("sandbox")), "list_contests", lambda _self, ref: asked.append(ref) or [])
    assert compared() > 0
    assert {each.payment_id for each in list_differences()} == {payment.id}
    assert asked == []


def test_a_dispute_that_the_gateway_shows_late_in_its_account_is_a_difference_until_then() -> None:
    payment = bought()
    disputes.open_dispute(payment.gateway_ref, at=now())
    lines = list(SandboxMovement.objects.filter(merchant_reference=str(payment.id)).exclude(kind="charge"))
    SandboxMovement.objects.filter(pk__in=[line.pk for line in lines]).delete()
    ref = service.SandboxCheckout.objects.get(pk=payment.gateway_ref).dispute.pk
    record_dispute(gateway="sandbox", contest=gateway_named("sandbox").fetch_contest(ref), at=now())
    assert compared() == 2
    assert compared() == 2
    assert len(recorded(Act.GATEWAY_DIFFERS)) == 1
    SandboxMovement.objects.bulk_create(lines)
    assert settle_differences(gateway="sandbox", at=tonight()) == 0
    assert all(each.settled_at for each in list_differences())
    day = list_reconciled_days()[0]
    assert (day.still_open, day.settled) == (0, 2)


def test_a_line_that_comes_late_settles_what_was_missing_there() -> None:
    line = lines_of(bought()).get()
    line.delete()
    assert compared() == 1
    line.pk = None
    line.save()
    assert settle_differences(gateway="sandbox", at=tonight()) == 0


def test_a_gateway_begins_with_what_comes_after_its_first_night() -> None:
    ReconciledDayRow.objects.all().delete()
    SandboxMovement.objects.filter(pk=lines_of(bought()).get().pk).delete()
    assert compared() == 0
    assert reconcile(gateway="sandbox", at=tonight() + DAY) == 0
    assert not list_differences()


def test_the_hourly_run_compares_every_gateway_in_use() -> None:
    assert bought()
    jobs.compare.func(timestamp=0)
    lines_of(bought()).delete()
    assert compared() == 1
    jobs.compare.func(timestamp=0)
    [found] = list_differences()
    assert found.settled_at is None


def test_today_is_compared_as_far_as_it_has_settled() -> None:
    noon = datetime.combine((now() + DAY).date(), datetime.min.time(), UTC) + timedelta(hours=12)
    older, newer = bought(), bought()
    for payment, hours in ((older, 4), (newer, 2)):
        moment = noon - timedelta(hours=hours)
        PaymentRow.objects.filter(pk=payment.id).update(captured_at=moment, state_at=moment)
    SandboxMovement.objects.all().delete()
    assert reconcile(gateway="sandbox", at=noon) == 2  # its charge and its fee; what is newer may still come
    assert {each.payment_id for each in list_differences()} == {older.id}
    assert [(day.is_over, day.still_open) for day in list_reconciled_days()[:2]] == [(False, 2), (True, 0)]
    assert reconcile(gateway="sandbox", at=noon + timedelta(hours=2)) == 4
    assert reconcile(gateway="sandbox", at=noon + DAY) == 4
    assert [day.is_over for day in list_reconciled_days()[:2]] == [False, True]
    assert len(recorded(Act.GATEWAY_DIFFERS)) == 2


def test_a_payout_agrees_and_is_asked_about_when_its_line_is_lost(monkeypatch) -> None:
    monkeypatch.setattr(movements, "PAGE", 1)
    sent = sent_payout()
    book("earned:1:asked", -360, "creator:somebody", account="payout:due")
    assert bought()
    assert compared() == 0
    assert MovementRow.objects.count() == 4
    assert all(str(row) for row in MovementRow.objects.all())
    line = lines_of(sent, "payout").get()
    line.delete()
    DifferenceRow.objects.all().delete()
    MovementRow.objects.all().delete()
    ReconciledDayRow.objects.filter(day=now().date()).delete()
    assert compared() == 1
    [found] = list_differences()
    assert (found.kind, found.here, found.there) == ("payout", Money(-360, "EUR"), None)
    assert {str(row) for row in ReconciledDayRow.objects.order_by("day")} >= {f"sandbox {now().date()}"}
    assert [str(row) for row in DifferenceRow.objects.all()] == [f"payout {sent.id}"]


def test_what_was_explained_and_differs_again_is_told_again() -> None:
    line = lines_of(bought()).get()
    line.delete()
    assert compared() == 1
    line.pk = None
    line.save()
    assert settle_differences(gateway="sandbox", at=tonight()) == 0
    line.delete()
    MovementRow.objects.all().delete()
    ReconciledDayRow.objects.filter(day=now().date()).delete()
    assert compared() == 1
    assert [each.settled_at for each in list_differences()] == [None]
    assert len(recorded(Act.GATEWAY_DIFFERS)) == 2
    assert not MovementRow.objects.filter(kind="charge").exists()


def test_what_is_not_booked_is_told_with_all_three_sides() -> None:
    payment = bought(is_booked=False)
    assert compared() == 1
    [found] = list_differences()
    assert (found.here, found.there, found.booked) == (Money(400, "EUR"), Money(400, "EUR"), None)
    book(f"{payment.reference}:paid", 400, "thing:sold")
    assert settle_differences(gateway="sandbox", at=tonight()) == 0


def test_a_journal_about_nothing_that_was_paid_is_told_even_when_it_says_to_be_old() -> None:
    assert compared() == 0
    post_journal(
        cause=f"thing:{new_id()}:paid",
        postings=[Posting("gateway:sandbox", Money(400, "EUR")), Posting("thing:sold", Money(-400, "EUR"))],
        at=now() - 30 * DAY,
    )
    assert reconcile(gateway="sandbox", at=tonight() + timedelta(hours=1)) == 1
    [found] = list_differences()
    assert (found.kind, found.here, found.there, found.booked) == ("other", None, None, Money(400, "EUR"))
    assert found.journal_id
    assert reconcile(gateway="sandbox", at=tonight() + timedelta(hours=2)) == 1


def test_what_another_gateways_payout_set_aside_is_not_this_ones() -> None:
    book("earned:1:asked", -360, "creator:somebody", account="payout:due")
    assert compared() == 0


def test_a_dispute_that_was_won_agrees() -> None:
    payment = bought()
    disputes.open_dispute(payment.gateway_ref, at=now())
    ref = service.SandboxCheckout.objects.get(pk=payment.gateway_ref).dispute.pk
    disputes.answer_dispute(ref, evidence="They watched it.", at=now())
    disputes.decide(ref, at=now())
    record_dispute(gateway="sandbox", contest=gateway_named("sandbox").fetch_contest(ref), at=now())
    assert compared() == 0


def sent_payout():
    destination = open_destination(reference="bank:1", return_path="/earned", idempotency_key="d", at=now())
    sandbox.choose_bank(destination.hosted_url.rpartition("/")[2], bank="pays", at=now())
    settle_destination(destination_ref=destination.ref, at=now())
    return payout(
        reference="earned:1", destination_ref=destination.ref, amount=Money(360, "EUR"), idempotency_key="p", at=now()
    )

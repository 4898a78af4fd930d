"""Tickets to a broadcast, from the price to the recording, and back when it does not take place."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import join_team, make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.events import publish
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances, list_journal
from footlights.live import api as live
from footlights.live.jobs import tidy
from footlights.live.testing import again, make_broadcast, make_ticket, send
from footlights.monetization import api as money
from footlights.monetization.api import AlreadyYoursError, OfferChangedError, PurchaseState, Reason
from footlights.monetization.models import EventRow, PurchaseRow
from footlights.monetization.operations.give_back_tickets import _take
from footlights.monetization.testing import make_coupon_of
from footlights.payments.api import PaymentState, list_refunds
from footlights.payments.events import DisputeClosed, DisputeOpened
from footlights.payments.testing import make_dispute, pay, pay_with, webhooks_arrive
from footlights.splits.api import SubjectKind
from footlights.splits.testing import agree
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

SOON = timedelta(hours=2)


@pytest.fixture
def channel(db):
    return make_channel(make_person())


@pytest.fixture
def show(channel):
    return make_broadcast(channel, starts_at=now() + SOON, ticket=make_ticket())


@pytest.fixture
def viewer(db):
    return make_person()


def begin(show, viewer, key="k", **more):
    offer = money.find_ticket_offer(show.id)
    return money.buy_title(viewer_id=viewer.pk, offer_id=offer.id, idempotency_key=key, at=now(), **more)


def bought(show, viewer, **more):
    purchase = begin(show, viewer, **more)
    pay("paid", purchase.hosted_url)
    return purchase


def reason(show, viewer) -> Reason:
    return live.decide_joining(again(show), viewer.pk, now()).reason


def state(purchase) -> PurchaseState:
    return PurchaseState(PurchaseRow.objects.get(pk=purchase.id).state)


def settle() -> None:
    with webhooks_arrive():
        run_jobs(but="media.")


def cancel(show, channel) -> None:
    live.end_broadcast(broadcast_id=show.id, editor_id=channel.owner_id, at=now())


def change(show, channel, editor_id=None, **changes):
    as_it_is = {"name": show.name, "starts_at": show.starts_at, "access": show.access, "ticket": make_ticket()}
    new = live.NewBroadcast(**as_it_is | changes)
    return live.change_broadcast(broadcast_id=show.id, editor_id=editor_id or channel.owner_id, new=new, at=now())


def owed() -> dict[str, int]:
    """What the books hold for others than gateways."""
    balances = {each.account: each.amount.amount_minor for each in list_balances() if each.amount}
    return {account: minor for account, minor in balances.items() if not account.startswith("gateway")}


def test_a_ticket_opens_the_waiting_room_and_is_shared_with_a_fee_of_its_own(channel, show, viewer):
    partner = make_person()
    agree(SimpleNamespace(id=show.id, owner_id=channel.owner_id), (partner, 2_500), kind=SubjectKind.EVENT)
    set_terms(changes=[NewTerm(term=Term.FEE_BPS, value=2_000, kind=SaleKind.TICKET)], by_id=viewer.pk, at=now())
    assert reason(show, viewer) is Reason.MUST_BUY
    purchase = bought(show, viewer)
    assert reason(show, viewer) is Reason.TICKET
    assert owed() == {"platform:fees": -160, f"creator:{channel.id}": -480, f"person:{partner.pk}": -160}
    assert {entry.about for entry in list_journal(f"purchase:{purchase.id}:paid")} == {f"event:{show.id}"}
    [sold] = money.ticket_sales(show.id)
    assert (sold.sold, sold.gross, sold.net) == (1, Money(800, "EUR"), Money(480, "EUR"))
    assert [each.broadcast_id for each in money.earnings_by_title(channel.id, "EUR")] == [show.id]
    with pytest.raises(AlreadyYoursError):
        begin(show, viewer, "again")
    with pytest.raises(AlreadyYoursError):
        money.quote_offer(viewer_id=channel.owner_id, offer_id=money.find_ticket_offer(show.id).id, at=now())


def test_its_recording_opens_for_as_long_as_the_ticket_says(channel, show, viewer):
    bought(show, viewer)
    change(show, channel, ticket=make_ticket(replay_days=0))
    live_only = make_person()
    bought(show, live_only)
    recording = make_title(channel, state="draft")
    at = now()
    for _twice in range(2):
        money.note_replay(broadcast_id=show.id, title_id=recording.id, at=at)
    decision = money.may_watch(viewer.pk, recording.id, at)
    assert (decision.reason, decision.ends_at) == (Reason.TICKET, at + timedelta(days=7))
    assert not money.may_watch(viewer.pk, recording.id, at + timedelta(days=7)).allowed
    assert not money.may_watch(live_only.pk, recording.id, at).allowed
    assert [each.title_id for each in money.list_library(viewer.pk, at)] == [recording.id]


def test_one_that_is_cancelled_gives_everybody_their_money_back_once(channel, show, viewer):
    guest, waiting, late = make_person(), make_person(), make_person()
    free = make_coupon_of(channel, percent_bps=10_000)
    purchases = [bought(show, viewer), begin(show, guest, choice=money.Choice(coupon="SPRING"))]
    assert free.used == 0
    assert state(purchases[1]) is PurchaseState.PAID
    waits, paid_late = begin(show, waiting), begin(show, late)
    pay_with("paid", paid_late.hosted_url)  # the news of it has not come yet
    cancel(show, channel)
    cancel(show, channel)
    settle()
    settle()
    assert [state(each) for each in [*purchases, paid_late]] == [PurchaseState.REFUNDED] * 3
    assert state(waits) is PurchaseState.DECLINED
    assert owed() == {}
    for purchase in (purchases[0], paid_late):
        row = PurchaseRow.objects.get(pk=purchase.id)
        assert [refund.amount for refund in list_refunds(row.payment_id)] == [Money(800, "EUR")]
    assert reason(show, viewer) is Reason.REFUNDED
    assert reason(show, guest) is Reason.REFUNDED
    with pytest.raises(OfferChangedError):
        money.quote_offer(viewer_id=viewer.pk, offer_id=purchases[0].offer_id, at=now())


def test_what_is_paid_after_the_end_for_nothing_goes_back_by_itself(channel, viewer):
    show = make_broadcast(channel, ticket=make_ticket(replay_days=0), starts_by_itself=True)
    purchase = begin(show, viewer)
    send(channel)
    cancel(show, channel)  # it was on air, so this ends it
    assert again(show).state is live.State.ENDED
    pay("paid", purchase.hosted_url)
    assert state(purchase) is PurchaseState.REFUNDED


def test_a_late_ticket_opens_the_recording_that_is_there_already(channel, viewer):
    show = make_broadcast(channel, ticket=make_ticket(replay_days=None), starts_by_itself=True)
    purchase = begin(show, viewer)
    send(channel)
    cancel(show, channel)
    recording = make_title(channel, state="draft")
    money.note_replay(broadcast_id=show.id, title_id=recording.id, at=now())
    pay("paid", purchase.hosted_url)
    assert money.may_watch(viewer.pk, recording.id, now()).reason is Reason.TICKET


def test_one_that_never_began_is_cancelled_a_day_later(channel, show, viewer):
    purchase = bought(show, viewer)
    tidy(int((show.starts_at + timedelta(hours=23)).timestamp()))
    assert again(show).state is live.State.PLANNED
    tidy(int((show.starts_at + timedelta(hours=24, seconds=1)).timestamp()))
    settle()
    assert again(show).state is live.State.CANCELLED
    assert state(purchase) is PurchaseState.REFUNDED


def test_whoever_sells_gives_all_tickets_back_once_it_is_over(channel, viewer):
    show = make_broadcast(channel, ticket=make_ticket(), starts_by_itself=True)
    purchase = bought(show, viewer)
    asked = {"broadcast_id": show.id, "at": now()}
    with pytest.raises(InvalidInputError):
        money.give_back_tickets(by_id=channel.owner_id, **asked)
    send(channel)
    cancel(show, channel)
    with pytest.raises(NotFoundError):
        money.give_back_tickets(by_id=viewer.pk, **asked)
    for _twice in range(2):
        money.give_back_tickets(by_id=channel.owner_id, **asked)
        settle()
    assert state(purchase) is PurchaseState.REFUNDED
    assert owed() == {}


def test_where_a_bank_has_the_money_its_dispute_decides(channel, show, viewer):
    purchase = bought(show, viewer)
    row = PurchaseRow.objects.get(pk=purchase.id)
    dispute = make_dispute(row.payment_id)
    reference = f"purchase:{purchase.id}"
    publish(DisputeOpened(row.payment_id, reference, dispute.id, dispute.amount, None, "fraud", now()))
    run_jobs(only="monetization")
    assert reason(show, viewer) is Reason.HELD
    recording = make_title(channel, state="draft")
    money.note_replay(broadcast_id=show.id, title_id=recording.id, at=now())
    assert not money.may_watch(viewer.pk, recording.id, now()).allowed
    cancel(show, channel)
    settle()
    assert list_refunds(row.payment_id) == []


def test_a_ticket_goes_back_by_itself_until_it_begins(channel, show, viewer):
    purchase = bought(show, viewer)
    asked = {"purchase_id": purchase.id, "viewer_id": viewer.pk, "watched_percent": 0, "at": now()}
    assert "Write to us" in money.why_not_returned(**asked)  # by the terms
    change(show, channel, starts_at=show.starts_at + SOON)
    assert money.why_not_returned(**asked) == ""
    send(channel)
    live.go_on_air(broadcast_id=show.id, editor_id=channel.owner_id, at=now())
    assert "has begun" in money.why_not_returned(**asked)


def test_who_sets_no_prices_sells_no_tickets_and_what_was_sold_stays(channel, show, viewer):
    editor = make_person()
    join_team(channel, editor, Role.EDITOR)
    with pytest.raises(InvalidInputError, match="sets the prices"):
        change(show, channel, editor.pk, ticket=make_ticket(Money(100, "EUR")))
    change(show, channel, editor.pk, name="Another name")  # the ticket as it is
    assert EventRow.objects.get(pk=show.id).name == "Another name"
    change(show, channel, access=live.Access.EVERYBODY, ticket=None)
    assert money.find_ticket_offer(show.id) is None
    change(show, channel)
    bought(show, viewer)
    with pytest.raises(InvalidInputError, match="Tickets were sold"):
        change(show, channel, access=live.Access.EVERYBODY, ticket=None)


def test_another_price_is_another_offer_and_asks_again(channel, show, viewer):
    old = money.find_ticket_offer(show.id)
    change(show, channel, ticket=make_ticket(Money(900, "EUR")))
    with pytest.raises(OfferChangedError) as caught:
        money.quote_offer(viewer_id=viewer.pk, offer_id=old.id, at=now())
    assert caught.value.current.price == Money(900, "EUR")


def test_holders_find_what_was_cancelled_and_strangers_do_not(channel, show, viewer):
    bought(show, viewer)
    cancel(show, channel)
    settle()
    assert live.get_broadcast_by_token(show.token, viewer.pk).state is live.State.CANCELLED
    with pytest.raises(NotFoundError):
        live.get_broadcast_by_token(show.token, make_person().pk)


def test_whoever_has_a_ticket_is_told_that_it_moves_or_is_cancelled(channel, show, viewer):
    bought(show, viewer)
    settle()
    mail.outbox.clear()
    later = datetime(2031, 1, 1, 20, 0, tzinfo=UTC)
    change(show, channel, starts_at=min(later, now() + timedelta(days=30)))
    settle()
    assert EventRow.objects.get(pk=show.id).moved_at is not None
    [letter] = [each for each in mail.outbox if viewer.email in each.to]
    assert "Another time" in letter.subject
    cancel(show, channel)
    settle()
    assert any("Cancelled" in each.subject for each in mail.outbox)


def test_what_was_begun_and_never_reached_its_page_is_closed_when_all_goes_back(channel, show, viewer):
    purchase = begin(show, viewer)
    PurchaseRow.objects.filter(pk=purchase.id).update(payment_id=None)
    cancel(show, channel)
    settle()
    assert state(purchase) is PurchaseState.DECLINED


def test_what_nobody_knows_of_yet_waits_for_the_gateways_word(channel, show, viewer, monkeypatch):
    purchase = begin(show, viewer)
    unknown = SimpleNamespace(state=PaymentState.UNKNOWN)
    monkeypatch.setattr("footlights.monetization.operations.give_back_tickets.cancel_payment", lambda **_: unknown)
    cancel(show, channel)
    run_jobs(only="monetization")
    assert state(purchase) is PurchaseState.PENDING


def test_a_bank_that_takes_what_had_gone_back_already_takes_nothing_from_the_makers(channel, show, viewer):
    purchase = bought(show, viewer)
    payment_id = PurchaseRow.objects.get(pk=purchase.id).payment_id
    cancel(show, channel)
    settle()
    dispute, before = make_dispute(payment_id), list_balances()
    told = (payment_id, f"purchase:{purchase.id}", dispute.id, dispute.amount)
    for _ in range(2):
        publish(DisputeClosed(*told, won=False, at=now()))
        run_jobs(only="monetization")
    assert (state(purchase), list_balances()) == (PurchaseState.REFUNDED, before)


def test_a_ticket_for_nothing_is_taken_once(channel, show, viewer):
    make_coupon_of(channel, percent_bps=10_000)
    purchase = begin(show, viewer, choice=money.Choice(coupon="SPRING"))
    row = PurchaseRow.objects.get(pk=purchase.id)
    cancel(show, channel)
    settle()
    gone = PurchaseRow.objects.get(pk=purchase.id).refunded_at
    _take(row, now())  # as whoever read it before
    assert (state(purchase), PurchaseRow.objects.get(pk=purchase.id).refunded_at) == (PurchaseState.REFUNDED, gone)
    assert str(EventRow.objects.get(pk=show.id)) == show.name

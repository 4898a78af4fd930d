"""A ticket for somebody else: nobody's until it is opened, a seat then, and back when there is nothing to see."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.giving import api as giving
from footlights.giving.models import GiftRow
from footlights.giving.operations.give_back_tickets import give_ticket_back
from footlights.giving.testing import make_gift
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.events import publish
from footlights.kernel.ids import new_id, new_token
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.live import api as live
from footlights.live.testing import again, make_broadcast, make_ticket, send
from footlights.monetization import api as money
from footlights.monetization.api import AlreadyYoursError, Reason
from footlights.payments.api import list_refunds
from footlights.payments.events import DisputeClosed
from footlights.payments.testing import make_dispute, pay, taken_by_gateway, webhooks_arrive
from footlights.prices.api import Asked, Buyer, LocalPrice, Market
from footlights.prices.testing import know_rates, sell_in
from footlights.splits.api import SubjectKind
from footlights.splits.testing import agree

SOON = timedelta(hours=2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return make_channel(make_person())


@pytest.fixture
def show(channel):
    return make_broadcast(channel, starts_at=now() + SOON, ticket=make_ticket())


@pytest.fixture
def giver():
    return make_person()


@pytest.fixture
def friend():
    return make_person()


def give(show, giver, **new):
    return make_gift(money.find_ticket_offer(show.id), giver, **new)


def open_it(gift, person):
    return giving.redeem_gift(code=gift.code, viewer_id=person.pk, at=now())


def reason(show, viewer) -> Reason:
    return live.decide_joining(again(show), viewer.pk, now()).reason


def settle() -> None:
    with webhooks_arrive():
        run_jobs(but="media.")


def state(gift):
    row = GiftRow.objects.get(pk=gift.id)
    return row.state, row.refunded_minor


def take_place(show, channel) -> None:
    asked = {"broadcast_id": show.id, "editor_id": channel.owner_id, "at": now()}
    send(channel)
    live.go_on_air(**asked)
    live.end_broadcast(**asked)


def cancel(show, channel) -> None:
    live.end_broadcast(broadcast_id=show.id, editor_id=channel.owner_id, at=now())


def books(gift):
    accounts = (f"gift:{gift.id}", "platform:fees", f"creator:{gift.channel_id}")
    return [taken_by_gateway("EUR").amount_minor, *(balance_of(each, "EUR").amount_minor for each in accounts)]


def test_whoever_opens_it_has_the_seat_and_its_money_is_earned_then(show, giver, friend, channel):
    agree(SimpleNamespace(id=show.id, owner_id=channel.owner_id), (make_person(), 5_000), kind=SubjectKind.EVENT)
    gift = give(show, giver)
    assert (gift.broadcast_id, books(gift), reason(show, friend)) == (show.id, [800, -800, 0, 0], Reason.MUST_BUY)
    open_it(gift, friend)
    assert (reason(show, friend), reason(show, giver)) == (Reason.TICKET, Reason.MUST_BUY)
    assert books(gift) == [800, 0, -80, -360]
    assert money.list_ticket_holders(show.id, now()) == [friend.pk]
    [line] = giving.given_by_title(channel.id, "EUR")
    assert (line.broadcast_id, line.gifts) == (show.id, 1)


def test_who_has_a_ticket_or_manages_the_show_leaves_it_for_another(show, giver, friend, channel):
    offer = money.find_ticket_offer(show.id)
    bought = money.buy_title(viewer_id=friend.pk, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", bought.hosted_url)
    gift = give(show, giver)
    for person in (friend, SimpleNamespace(pk=channel.owner_id)):
        with pytest.raises(AlreadyYoursError):
            open_it(gift, person)
    assert giving.get_gift(gift.id, giver.pk).is_waiting


def test_a_show_that_is_cancelled_gives_every_giver_all_of_it_once(show, giver, friend, channel):
    opened, waiting, unpaid = give(show, giver), give(show, giver, sender="Vera"), begin(show, giver)
    open_it(opened, friend)
    cancel(show, channel)
    settle()
    settle()
    assert [state(opened), state(waiting)] == [("refunded", 800)] * 2
    assert not money.holds_ticket(friend.pk, show.id)
    assert books(opened) == [0, 0, 0, 0]
    with pytest.raises(giving.GiftOverError):
        open_it(waiting, friend)
    pay("paid", unpaid.hosted_url)  # too late, by a page that was open
    settle()
    assert state(unpaid) == ("refunded", 800)


def begin(show, giver):
    new = giving.NewGift(offer_id=money.find_ticket_offer(show.id).id)
    return giving.buy_gift(giver_id=giver.pk, new=new, idempotency_key=new_token(), at=now())


def test_what_nobody_opened_goes_back_after_a_show_that_is_not_kept(channel, giver, friend):
    show = make_broadcast(channel, starts_at=now() + SOON, ticket=make_ticket(replay_days=0))
    opened, waiting = give(show, giver), give(show, giver)
    open_it(opened, friend)
    take_place(show, channel)
    with pytest.raises(giving.GiftOverError):
        open_it(waiting, make_person())
    settle()
    assert [state(opened), state(waiting)] == [("paid", 0), ("refunded", 800)]


def test_the_recording_is_theirs_whether_they_open_it_before_or_after(show, channel, giver, friend):
    before, after, late = give(show, giver), give(show, giver), make_person()
    open_it(before, friend)
    take_place(show, channel)
    settle()
    assert state(after) == ("paid", 0)
    recording = make_title(channel)
    for _ in range(2):
        money.note_replay(broadcast_id=show.id, title_id=recording.id, at=now())
    open_it(after, late)
    for person in (friend, late):
        decision = money.may_watch(person.pk, recording.id, now())
        assert (decision.reason, decision.allowed) == (Reason.TICKET, True)
        assert not money.may_watch(person.pk, recording.id, now() + timedelta(days=8)).allowed
    asked = {"broadcast_id": show.id, "by_id": channel.owner_id, "at": now()}
    money.give_back_tickets(**asked)
    settle()
    assert [state(before), state(after)] == [("refunded", 800)] * 2
    assert not any(money.may_watch(each.pk, recording.id, now()).allowed for each in (friend, late))


def test_a_refund_that_comes_back_seats_them_again(show, giver, friend):
    gift = give(show, giver)
    open_it(gift, friend)
    money.take_ticket(cause=f"gift:{gift.id}", at=now())
    assert reason(show, friend) is Reason.REFUNDED
    money.give_ticket(viewer_id=friend.pk, offer_id=gift.offer_id, cause=f"gift:{gift.id}", at=now())
    assert reason(show, friend) is Reason.TICKET
    assert len(money.list_tickets(friend.pk)) == 1


def test_a_ticket_costs_abroad_what_its_creator_agrees_to_also_as_a_gift(channel, giver):
    know_rates()
    sell_in(channel, Market("USD"))
    show = make_broadcast(channel, starts_at=now() + SOON, ticket=make_ticket())
    offer = money.find_ticket_offer(show.id)
    assert money.find_ticket_offer(show.id, Buyer("US")).price.currency == "USD"  # proposed with the price at home
    seven = LocalPrice("USD", "", Asked(Money(777, "USD")))
    money.agree_abroad(editor_id=channel.owner_id, prices={offer.id: [seven]}, at=now())
    assert money.find_ticket_offer(show.id, Buyer("US")).price == Money(777, "USD")
    quote = money.quote_gift(giver_id=giver.pk, offer_id=offer.id, at=now(), choice=money.Choice(currency="USD"))
    assert quote.total == Money(777, "USD")
    with pytest.raises(NotFoundError):
        money.agree_abroad(editor_id=giver.pk, prices={offer.id: [seven]}, at=now())


def test_a_job_that_comes_again_and_a_bank_that_has_the_money_change_nothing(show, giver, channel):
    back, disputed = give(show, giver), give(show, giver, sender="Vera")
    payment_id = GiftRow.objects.get(pk=disputed.id).payment_id
    make_dispute(payment_id)
    cancel(show, channel)
    settle()
    assert (state(back), list_refunds(payment_id)) == (("refunded", 800), [])
    give_ticket_back(gift_id=back.id, at=now())
    taken = GiftRow.objects.get(pk=back.id).payment_id
    lost = DisputeClosed(taken, f"gift:{back.id}", new_id(), Money(800, "EUR"), won=False, at=now())
    for _ in range(2):
        publish(lost)  # of what had gone back before
        run_jobs(only="giving")
    assert (state(back), books(back)) == (("refunded", 800), [800, 0, 0, 0])

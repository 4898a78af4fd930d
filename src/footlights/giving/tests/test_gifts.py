"""Gifts: paid once, nobody's until opened, opened once, sent when it is time, and given back."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction

from footlights.accounts.testing import make_person
from footlights.catalog.api import delete_title
from footlights.giving import api, handlers
from footlights.giving.events import GiftRedeemed
from footlights.giving.models import GiftRow
from footlights.giving.operations import give_back
from footlights.giving.operations.buy_gift import _begin
from footlights.giving.records import NewGift, State
from footlights.giving.resealing import reseal_gifts, reseal_tips
from footlights.giving.testing import make_gift, make_tip
from footlights.invoicing.api import list_documents_about
from footlights.kernel import events
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.monetization.api import (
    AlreadyYoursError,
    Choice,
    NewOffer,
    OfferChangedError,
    OfferKind,
    QuoteChangedError,
    Reason,
    may_watch,
    quote_gift,
    set_offers,
)
from footlights.monetization.testing import grant, make_offer
from footlights.payments.events import DisputeClosed, PaymentRefunded, RefundFailed
from footlights.payments.testing import pay, pay_with, taken_by_gateway, webhooks_arrive
from footlights.splits.testing import agree
from footlights.taxes.api import Evidence, register
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

pytestmark = pytest.mark.django_db

FOUR = Money(400, "EUR")


@pytest.fixture
def offer(title):
    return make_offer(title)


@pytest.fixture
def friend(db):
    return make_person()


def begin(offer, viewer, key="k", choice=None, shown=None, **new):
    return api.buy_gift(
        giver_id=viewer.id,
        new=NewGift(offer_id=offer.id, **new),
        idempotency_key=key,
        at=now(),
        choice=choice or Choice(),
        shown=shown,
    )


def redeem(gift, person, at=None):
    return api.redeem_gift(code=gift.code, viewer_id=person.id, at=at or now())


def books(gift):
    accounts = (f"gift:{gift.id}", "platform:fees", f"creator:{gift.channel_id}")
    return [taken_by_gateway("EUR").amount_minor, *(balance_of(each, "EUR").amount_minor for each in accounts)]


def test_what_is_paid_is_nobodys_until_the_gift_is_opened(offer, viewer, friend, title):
    gift = make_gift(offer, viewer)
    assert (gift.is_waiting, books(gift)) == (True, [400, -400, 0, 0])
    assert not may_watch(friend.id, title.id, now()).allowed
    opened = redeem(gift, friend)
    assert (opened.redeemed_by, opened.is_waiting, books(gift)) == (friend.id, False, [400, 0, -40, -360])
    assert may_watch(friend.id, title.id, now()).reason is Reason.BOUGHT
    assert not may_watch(viewer.id, title.id, now()).allowed


def test_a_gift_is_opened_once_by_the_first_who_comes(offer, viewer, friend, stranger, title):
    gift = make_gift(offer, viewer)
    first = redeem(gift, friend)
    assert redeem(gift, friend) == first
    with pytest.raises(api.GiftOpenedError):
        redeem(gift, stranger)
    assert not may_watch(stranger.id, title.id, now()).allowed
    assert books(gift) == [400, 0, -40, -360]


def test_gifts_have_a_fee_of_their_own_and_are_shared_as_the_title_is(offer, viewer, friend, title, channel):
    mate = make_person()
    agree(title, (mate, 5_000))
    change = NewTerm(term=Term.FEE_BPS, value=2_000, kind=SaleKind.GIFT)
    set_terms(changes=[change], by_id=new_id(), at=now(), from_at=now())
    gift = make_gift(offer, viewer)
    redeem(gift, friend)
    assert books(gift) == [400, 0, -80, -160]
    [sold] = api.list_sold_gifts(channel.id)
    assert (sold.fee.amount_minor, sold.shared.amount_minor, sold.net.amount_minor) == (80, 160, 160)
    assert balance_of(f"person:{mate.id}", "EUR").amount_minor == -160


def test_the_tax_is_owed_from_the_sale_on(offer, viewer, friend, creator):
    register(area="DE", number="DE123456789", since=(now() - timedelta(days=1)).date(), by_id=new_id())
    gift = make_gift(offer, viewer)
    assert balance_of("tax:de", "EUR").amount_minor == 0
    taxed = begin(offer, viewer, key="taxed", choice=Choice(evidence=Evidence(address="DE", billing="DE")))
    pay("paid", taxed.hosted_url)
    assert (balance_of("tax:de", "EUR").amount_minor, balance_of(f"gift:{taxed.id}", "EUR").amount_minor) == (-64, -336)
    [receipt] = list_documents_about([f"gift:{taxed.id}"])
    assert (receipt.gross, receipt.tax.amount_minor) == (FOUR, 64)
    redeem(taxed, friend)
    assert balance_of(f"creator:{gift.channel_id}", "EUR").amount_minor == -302
    for _ in range(2):
        api.refund_gift(gift_id=taxed.id, by_id=creator.id, idempotency_key="r", at=now())
    assert balance_of("tax:de", "EUR").amount_minor == 0
    sold = api.get_sold_gift(channel_id=gift.channel_id, gift_id=taxed.id)
    assert (sold.state, sold.left.amount_minor, sold.tax.amount_minor) == (State.REFUNDED, 0, 64)


def test_a_rental_begins_to_run_when_it_is_opened(title, viewer, friend):
    gift = make_gift(make_offer(title, kind="rent"), viewer)
    later = now() + timedelta(days=200)
    redeem(gift, friend, later)
    decision = may_watch(friend.id, title.id, later)
    assert (decision.reason, decision.start_by) == (Reason.RENTED, later + timedelta(days=30))


def test_two_clicks_are_one_gift(offer, viewer):
    first, again = begin(offer, viewer), begin(offer, viewer)
    assert (first.id, first.code) == (again.id, again.code)
    raced = [_begin(viewer.id, NewGift(offer_id=offer.id), Choice(), None, "blink", now()) for _ in range(2)]
    assert raced[0].pk == raced[1].pk


def test_the_same_key_for_something_else_is_an_error(offer, viewer, channel):
    begin(offer, viewer)
    with pytest.raises(IdempotencyConflictError):
        begin(offer, viewer, shown=Money(1, "EUR"))


def test_another_price_than_was_shown_is_never_charged(offer, viewer):
    with pytest.raises(QuoteChangedError):
        begin(offer, viewer, shown=Money(399, "EUR"))
    assert not GiftRow.objects.exists()


def test_what_was_withdrawn_hidden_or_free_is_no_gift(offer, title, viewer, creator):
    free = [NewOffer(OfferKind.FREE, Money(0, "EUR"))]
    set_offers(title_id=title.id, editor_id=creator.id, offers=free, at=now())
    with pytest.raises(OfferChangedError) as changed:
        begin(offer, viewer)
    assert changed.value.current is None
    for unknown in (mock.Mock(id=new_id()), make_offer(new_id())):
        with pytest.raises(NotFoundError):
            begin(unknown, viewer)


def test_who_pays_what_they_like_gives_more_than_nothing(title, viewer, creator):
    likes = [NewOffer(OfferKind.BUY, FOUR, floor=Money(0, "EUR"))]
    [offer] = set_offers(title_id=title.id, editor_id=creator.id, offers=likes, at=now())
    assert quote_gift(giver_id=viewer.id, offer_id=offer.id, at=now()).total == FOUR
    with pytest.raises(InvalidInputError):
        begin(offer, viewer, choice=Choice(amount=Money(0, "EUR")))
    assert begin(offer, viewer, choice=Choice(amount=Money(700, "EUR"))).amount.amount_minor == 700


def test_its_giver_may_have_the_title_and_whoever_has_it_hands_the_gift_on(offer, viewer, friend, title):
    grant(viewer, title)
    gift = make_gift(offer, viewer)
    with pytest.raises(AlreadyYoursError):
        redeem(gift, viewer)
    assert redeem(gift, friend).redeemed_by == friend.id


def test_codes_are_read_as_people_type_them(offer, viewer, friend):
    gift = make_gift(offer, viewer)
    assert api.get_gift_by_code(f" {gift.code.lower().replace('-', ' ')} ").id == gift.id
    assert len(gift.code.replace("-", "")) == 12
    for code in ("", "AAAA-BBBB-CCCC"):
        with pytest.raises(NotFoundError):
            api.get_gift_by_code(code)
        with pytest.raises(NotFoundError):
            api.redeem_gift(code=code, viewer_id=friend.id, at=now())


def test_what_was_not_paid_opens_nothing(offer, viewer, friend):
    gift = begin(offer, viewer)
    for _ in range(2):
        with pytest.raises(NotFoundError):
            redeem(gift, friend)
        with pytest.raises(NotFoundError):
            api.get_gift_by_code(gift.code)
        pay("declined", gift.hosted_url)
    assert api.list_gifts(viewer.id) == []
    assert api.get_gift(gift.id, viewer.id).state is State.DECLINED


def test_what_it_is_for_is_gone(offer, viewer, friend, title, creator):
    gift = make_gift(offer, viewer)
    delete_title(title_id=title.id, editor_id=creator.id, at=now())
    with pytest.raises(api.GiftOverError):
        redeem(gift, friend)
    assert api.return_gift(gift_id=gift.id, giver_id=viewer.id, at=now()).state is State.REFUNDED


def test_a_giver_has_the_money_back_while_nobody_opened_it(offer, viewer, friend, stranger):
    gift = make_gift(offer, viewer)
    with pytest.raises(NotFoundError):
        api.return_gift(gift_id=gift.id, giver_id=stranger.id, at=now())
    for _ in range(2):
        assert api.return_gift(gift_id=gift.id, giver_id=viewer.id, at=now()).state is State.REFUNDED
    assert books(gift) == [0, 0, 0, 0]
    with pytest.raises(api.GiftOverError):
        redeem(gift, friend)


def test_nobody_opens_what_is_being_paid_back(offer, viewer, friend):
    gift = make_gift(offer, viewer)
    silent = mock.patch.object(give_back, "refund_payment", side_effect=NotFoundError("The gateway is silent."))
    with silent, pytest.raises(NotFoundError):
        api.return_gift(gift_id=gift.id, giver_id=viewer.id, at=now())
    with pytest.raises(api.GiftOverError):
        redeem(gift, friend)
    assert api.return_gift(gift_id=gift.id, giver_id=viewer.id, at=now()).state is State.REFUNDED


def test_what_was_opened_or_paid_long_ago_stays_given(offer, viewer, friend):
    late, opened = make_gift(offer, viewer), make_gift(offer, viewer)
    with pytest.raises(api.NotReturnableError, match="14 days"):
        api.return_gift(gift_id=late.id, giver_id=viewer.id, at=now() + timedelta(days=15))
    faster = mock.Mock(side_effect=lambda *_: redeem(opened, friend) and "")
    raced = mock.patch.object(give_back, "why_gift_not_returned", faster)
    with raced, pytest.raises(api.NotReturnableError, match="this moment"):
        api.return_gift(gift_id=opened.id, giver_id=viewer.id, at=now())
    with pytest.raises(api.NotReturnableError, match="opened"):
        api.return_gift(gift_id=opened.id, giver_id=viewer.id, at=now())
    unpaid = begin(offer, viewer)
    with pytest.raises(api.NotReturnableError):
        api.return_gift(gift_id=unpaid.id, giver_id=viewer.id, at=now())


def test_the_channel_gives_a_gift_back_opened_or_not(offer, viewer, friend, creator, stranger, title):
    gift = make_gift(offer, viewer)
    redeem(gift, friend)
    with pytest.raises(NotFoundError):
        api.refund_gift(gift_id=gift.id, by_id=stranger.id, idempotency_key="r", at=now())
    api.refund_gift(gift_id=gift.id, by_id=creator.id, idempotency_key="r", at=now())
    assert books(gift) == [0, 0, 0, 0]
    assert not may_watch(friend.id, title.id, now()).allowed


def refunded(gift, minor, refund_id=None, total=None):
    amount = Money(minor, "EUR")
    return PaymentRefunded(
        gift.payment_id, f"gift:{gift.id}", refund_id or new_id(), amount, total or amount, FOUR, now()
    )


def test_what_is_left_of_a_gift_is_earned_when_it_is_opened(offer, viewer, friend):
    gift = make_gift(offer, viewer)
    handlers.take_back_what_was_refunded(refunded(gift, 100))
    redeem(gift, friend)
    assert books(gift)[1:] == [0, -30, -270]
    handlers.take_back_what_was_refunded(refunded(gift, 300, total=FOUR))
    assert books(gift)[1:] == [0, 0, 0]


@pytest.mark.parametrize("is_opened", [False, True])
def test_a_refund_that_comes_back_gives_the_gift_again(offer, viewer, friend, title, is_opened):
    gift = make_gift(offer, viewer)
    if is_opened:
        redeem(gift, friend)
    GiftRow.objects.filter(redeemed_at=None).update(withdrawn_at=now())
    news = refunded(gift, 400)
    handlers.take_back_what_was_refunded(news)
    assert not may_watch(friend.id, title.id, now()).allowed
    handlers.give_again_what_came_back(RefundFailed(gift.payment_id, f"gift:{gift.id}", news.refund_id, FOUR, now()))
    redeem(gift, friend)
    assert may_watch(friend.id, title.id, now()).allowed
    assert books(gift)[1:] == [0, -40, -360]


def test_a_lost_dispute_ends_the_gift(offer, viewer, friend, title):
    gift = make_gift(offer, viewer)
    redeem(gift, friend)
    lost = DisputeClosed(gift.payment_id, f"gift:{gift.id}", new_id(), FOUR, won=False, at=now())
    for _ in range(2):
        handlers.take_back_what_was_lost(lost)
    assert books(gift)[1:] == [0, 0, 0]
    assert not may_watch(friend.id, title.id, now()).allowed


def test_news_that_comes_twice_or_late_changes_nothing(offer, viewer, friend):
    gift = begin(offer, viewer)
    handlers.mark_what_is_unknown(mock.Mock(reference=f"gift:{gift.id}", reason="?"))
    handlers.close_what_was_not_paid(mock.Mock(reference=f"gift:{gift.id}", reason="Too late"))
    pay_with("paid", gift.hosted_url)
    with webhooks_arrive():
        run_jobs(but="media.")
    for _ in range(2):
        handlers.take_what_was_paid(mock.Mock(reference=f"gift:{gift.id}", payment_id=gift.payment_id, at=now()))
    assert books(gift) == [400, -400, 0, 0]
    with mock.patch.object(events, "publish") as publish:
        redeem(gift, friend)
        redeem(gift, friend)
    told = [each.args[0] for each in publish.call_args_list]
    assert [each.gift_id for each in told if isinstance(each, GiftRedeemed)] == [gift.id]


def test_a_stranger_finds_no_gift_of_others(offer, viewer, stranger, channel):
    gift = make_gift(offer, viewer)
    with pytest.raises(NotFoundError):
        api.get_gift(gift.id, stranger.id)
    with pytest.raises(NotFoundError):
        api.get_sold_gift(channel_id=new_id(), gift_id=gift.id)
    assert (api.list_gifts(stranger.id), api.list_sold_gifts(new_id())) == ([], [])
    assert [each.id for each in api.list_gifts(viewer.id)] == [gift.id]
    assert (api.find_gift(gift.id).id, api.find_gift(new_id())) == (gift.id, None)


def test_a_channel_sees_what_waits_and_what_was_earned(offer, viewer, friend, channel):
    make_gift(offer, viewer)
    redeem(make_gift(offer, viewer), friend)
    [totals] = api.gift_totals(channel.id)
    assert (totals.waiting, totals.opened, totals.net.amount_minor) == (1, 1, 360)


def test_the_database_keeps_a_gift_from_two_ends(offer, viewer):
    make_gift(offer, viewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftRow.objects.update(redeemed_at=now(), redeemed_by=new_id(), withdrawn_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftRow.objects.update(fee_minor=1)


def test_what_is_said_with_a_gift_is_sealed_and_can_be_sealed_anew(offer, viewer):
    make_gift(offer, viewer, recipient="friend@example.org", message="Bravo")
    assert (reseal_gifts(), reseal_tips()) == (0, 0)


def test_it_is_told_by_title_with_what_was_tipped(channel, title, viewer, creator, offer):
    gift, waiting = (make_gift(offer, viewer) for _ in range(2))
    api.redeem_gift(code=gift.code, viewer_id=make_person().pk, at=now())
    make_tip(channel, viewer, title_id=title.id)
    make_tip(channel, viewer, amount=Money(1_000, "EUR"))
    back = make_tip(channel, viewer, title_id=title.id)
    api.refund_tip(tip_id=back.id, by_id=creator.pk, idempotency_key="k", at=now())
    of_channel, of_title = api.given_by_title(channel.id, "EUR")
    assert (of_channel.title_id, of_channel.gifts, of_channel.tips, of_channel.gross) == (
        None,
        0,
        1,
        Money(1_000, "EUR"),
    )
    assert (of_title.title_id, of_title.gifts, of_title.tips, of_title.gross) == (title.id, 1, 1, Money(900, "EUR"))
    assert of_title.net + of_channel.net == -balance_of(f"creator:{channel.id}", "EUR")
    assert api.given_by_title(channel.id, "USD") == []
    assert waiting.redeemed_at is None

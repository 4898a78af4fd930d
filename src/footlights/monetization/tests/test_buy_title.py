import uuid
from datetime import timedelta

import pytest

from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.monetization import api
from footlights.monetization.api import (
    AlreadyYoursError,
    OfferChangedError,
    PurchaseState,
    Reason,
    change_price,
    get_purchase,
    list_entitlements,
    list_library,
    list_purchases,
    may_watch,
    note_return,
    quote_offer,
)
from footlights.monetization.models import EntitlementRow, GrantRow, PurchaseRow
from footlights.monetization.operations.note_refund import note_refund
from footlights.monetization.testing import grant, make_offer
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.api import (
    GatewayUnreachableError,
    NothingToRefundError,
    list_payments,
    sandbox,
    settle_payment,
)
from footlights.payments.testing import pay, pay_with, settle_unknown, taken_by_gateway

pytestmark = pytest.mark.django_db


def buy(viewer, offer, key: str = "k", at=None):
    return api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key=key, at=at or now())


def state_of(purchase) -> PurchaseState:
    return get_purchase(purchase.id, purchase.viewer_id).state


@pytest.fixture
def offer(title):
    return make_offer(title)


def test_two_clicks_and_two_tabs_are_one_purchase(viewer, offer) -> None:
    first = buy(viewer, offer)
    assert buy(viewer, offer) == first
    assert buy(viewer, offer, "the other tab's") == first
    assert len(list_payments()) == 1


def test_a_key_belongs_to_one_offer(viewer, title, offer) -> None:
    buy(viewer, offer)
    with pytest.raises(IdempotencyConflictError):
        buy(viewer, make_offer(title, "rent"))


def test_two_viewers_may_use_the_same_key(viewer, stranger, offer) -> None:
    assert buy(viewer, offer).id != buy(stranger, offer).id


def test_what_is_owned_is_not_sold_again(viewer, offer) -> None:
    pay("paid", buy(viewer, offer).hosted_url)
    with pytest.raises(AlreadyYoursError):
        buy(viewer, offer, "again")
    assert len(list_payments()) == 1


def test_a_renter_may_buy_but_not_rent_again_meanwhile(viewer, title) -> None:
    rent, own = make_offer(title, "rent"), make_offer(title, "buy", Money(1200, "EUR"))
    pay("paid", buy(viewer, rent).hosted_url)
    with pytest.raises(AlreadyYoursError):
        buy(viewer, rent, "again")
    pay("paid", buy(viewer, own, "own").hosted_url)
    assert may_watch(viewer.id, title.id, now()).reason is Reason.BOUGHT


def test_a_rental_that_is_over_can_be_rented_again(viewer, title) -> None:
    rent = make_offer(title, "rent")
    grant(viewer, title, "rent", at=now() - timedelta(days=31))
    pay("paid", buy(viewer, rent).hosted_url)
    assert may_watch(viewer.id, title.id, now()).reason is Reason.RENTED


def test_its_manager_need_not_buy(creator, offer) -> None:
    with pytest.raises(AlreadyYoursError):
        buy(creator, offer)


@pytest.mark.parametrize("wins", ["rent", "buy"])
def test_of_two_tabs_that_race_the_slower_never_gets_the_others_price(viewer, title, monkeypatch, wins: str) -> None:
    rent, own = make_offer(title, "rent"), make_offer(title, "buy", Money(1200, "EUR"))
    first = buy(viewer, rent if wins == "rent" else own)
    monkeypatch.setattr("footlights.monetization.operations.buy_title._undecided", lambda *_: None)  # not seen yet
    if wins == "rent":
        with pytest.raises(IdempotencyConflictError):
            buy(viewer, own, "the other tab's")
    else:
        assert buy(viewer, own, "the other tab's").id == first.id


def test_a_free_title_is_taken_without_a_gateway(viewer, title) -> None:
    free = make_offer(title, "free")
    assert may_watch(None, title.id, now()).reason is Reason.FREE
    assert buy(viewer, free).state is PurchaseState.PAID
    assert [entitlement.kind for entitlement in list_library(viewer.id)] == ["free"]
    assert list_payments() == []
    assert list_balances() == []


def test_a_free_purchase_has_nothing_to_refund(viewer, staff, title) -> None:
    purchase = buy(viewer, make_offer(title, "free"))
    with pytest.raises(NothingToRefundError):
        api.refund_purchase(purchase_id=purchase.id, by_id=staff.id, idempotency_key="r", at=now())


def test_another_price_is_never_paid_silently(creator, viewer, title, offer) -> None:
    new = change_price(offer_id=offer.id, editor_id=creator.id, price=Money(500, "EUR"), at=now())
    with pytest.raises(OfferChangedError) as caught:
        buy(viewer, offer)
    assert (caught.value.was, caught.value.current) == (Money(400, "EUR"), new)
    assert not PurchaseRow.objects.exists()


def test_who_stands_at_the_till_pays_what_was_shown(creator, viewer, channel, offer) -> None:
    purchase = buy(viewer, offer)
    change_price(offer_id=offer.id, editor_id=creator.id, price=Money(900, "EUR"), at=now())
    pay("paid", purchase.hosted_url)
    assert api.earnings(channel.id, "EUR").gross == Money(400, "EUR")


def test_an_offer_taken_away_has_no_successor(creator, viewer, title, offer) -> None:
    api.set_offers(title_id=title.id, editor_id=creator.id, offers=[], at=now())
    with pytest.raises(OfferChangedError) as caught:
        buy(viewer, offer)
    assert caught.value.current is None


@pytest.mark.parametrize("state", ["draft", "deleted"])
def test_what_is_not_shown_is_not_sold(viewer, channel, state: str) -> None:
    offer = make_offer(make_title(channel, state=state))
    with pytest.raises(NotFoundError):
        buy(viewer, offer)


def test_there_is_no_offer_nobody_made(viewer, title, offer) -> None:
    with pytest.raises(NotFoundError):
        api.buy_title(viewer_id=viewer.id, offer_id=uuid.uuid4(), idempotency_key="k", at=now())
    with pytest.raises(NotFoundError):
        quote_offer(viewer_id=viewer.id, offer_id=offer.id, title_id=uuid.uuid4(), at=now())
    assert quote_offer(viewer_id=viewer.id, offer_id=offer.id, title_id=title.id, at=now()).offer == offer


def test_declined_is_declined_and_the_next_try_is_a_new_purchase(viewer, offer) -> None:
    first = buy(viewer, offer)
    pay("declined", first.hosted_url)
    assert state_of(first) is PurchaseState.DECLINED
    assert buy(viewer, offer).id == first.id  # the same click tells the same story
    second = buy(viewer, offer, "again")
    pay("paid", second.hosted_url)
    assert state_of(second) is PurchaseState.PAID


def test_a_closed_page_makes_way_for_a_new_one_without_waiting_for_the_news(viewer, offer) -> None:
    first = buy(viewer, offer)
    sandbox.turn_back(first.hosted_url.rpartition("/")[2], at=now())
    second = buy(viewer, offer, "again")
    assert second.id != first.id
    assert state_of(first) is PurchaseState.DECLINED


def test_choosing_another_offer_closes_the_first_page(viewer, title) -> None:
    rent, own = make_offer(title, "rent"), make_offer(title, "buy", Money(1200, "EUR"))
    first = buy(viewer, rent)
    second = buy(viewer, own, "changed my mind")
    pay("paid", first.hosted_url)  # too late: the page is closed
    pay("paid", second.hosted_url)
    assert (state_of(first), state_of(second)) == (PurchaseState.DECLINED, PurchaseState.PAID)
    assert [entitlement.kind for entitlement in list_library(viewer.id)] == ["buy"]


def test_who_has_just_paid_for_the_first_offer_is_not_asked_for_the_second(viewer, title) -> None:
    rent, own = make_offer(title, "rent"), make_offer(title, "buy", Money(1200, "EUR"))
    first = buy(viewer, rent)
    pay_with("paid", first.hosted_url)
    assert buy(viewer, own, "changed my mind").id == first.id


def test_a_gateway_that_does_not_answer_charges_nothing_and_the_next_click_goes_on(
    viewer, title, offer, monkeypatch
) -> None:
    gateway = gateway_named("sandbox")

    def silence(order):
        raise GatewayUnreachableError("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "open_checkout", silence)
        with pytest.raises(GatewayUnreachableError):
            buy(viewer, offer)
        with pytest.raises(GatewayUnreachableError):
            buy(viewer, make_offer(title, "rent"), "another")
    assert buy(viewer, offer, "another tab").hosted_url
    assert len(list_payments()) == 1


def test_a_choice_changed_while_the_gateway_was_silent_closes_the_first(viewer, title, offer, monkeypatch) -> None:
    gateway = gateway_named("sandbox")

    def silence(order):
        raise GatewayUnreachableError("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "open_checkout", silence)
        with pytest.raises(GatewayUnreachableError):
            buy(viewer, offer)
    second = buy(viewer, make_offer(title, "rent"), "another")
    assert (second.kind, second.state) == ("rent", PurchaseState.PENDING)
    assert len(list_purchases(viewer.id)) == 2


def test_unknown_goes_back_to_waiting_when_the_gateway_still_waits(viewer, offer, monkeypatch) -> None:
    purchase = buy(viewer, offer)
    gateway = gateway_named("sandbox")

    def silence(ref):
        raise GatewayUnreachableError("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "fetch_checkout", silence)
        settle_payment(payment_id=purchase.payment_id, at=now())
        run_jobs()
        assert state_of(purchase) is PurchaseState.UNKNOWN
        assert buy(viewer, offer, "again").state is PurchaseState.UNKNOWN
    assert buy(viewer, offer, "again").state is PurchaseState.PENDING


def test_a_lost_answer_is_settled_by_the_sweep(viewer, title, offer) -> None:
    purchase = buy(viewer, offer)
    pay("lost", purchase.hosted_url)
    note_return(purchase_id=purchase.id, viewer_id=viewer.id, at=now())
    run_jobs(until=now() + timedelta(seconds=4))
    assert state_of(purchase) is PurchaseState.UNKNOWN
    for minutes in (1, 2, 3):
        settle_unknown(at=now() + timedelta(minutes=minutes))
    run_jobs()
    assert state_of(purchase) is PurchaseState.PAID


def test_an_altered_amount_grants_nothing(viewer, title, offer) -> None:
    purchase = buy(viewer, offer)
    pay("altered", purchase.hosted_url)
    assert state_of(purchase) is PurchaseState.UNKNOWN
    assert not may_watch(viewer.id, title.id, now()).allowed
    assert not EntitlementRow.objects.exists()


def test_flagged_money_that_goes_back_closes_the_purchase_and_was_never_a_sale(viewer, staff, channel, offer) -> None:
    purchase = buy(viewer, offer)
    pay("altered", purchase.hosted_url)
    known = {"payment_id": purchase.payment_id, "refund_id": new_id(), "at": now()}
    a_part = {"amount": Money(1, "EUR"), "charged": Money(2, "EUR"), "is_whole": False}
    note_refund(purchase_id=purchase.id, **known, **a_part)
    assert state_of(purchase) is PurchaseState.UNKNOWN, "a part of it that goes back closes nothing"
    refunded = api.refund_purchase(purchase_id=purchase.id, by_id=staff.id, idempotency_key="r", at=now())
    run_jobs(only="monetization")
    assert refunded.state is state_of(purchase) is PurchaseState.REFUNDED
    assert api.list_sales(channel.id) == []
    assert not any(balance.amount for balance in list_balances("platform:"))
    assert not taken_by_gateway("EUR")


def test_a_return_is_only_ones_own(viewer, stranger, title, offer) -> None:
    purchase = buy(viewer, offer)
    with pytest.raises(NotFoundError):
        note_return(purchase_id=purchase.id, viewer_id=stranger.id, at=now())
    free = buy(stranger, make_offer(make_title_like(title), "free"))
    note_return(purchase_id=free.id, viewer_id=stranger.id, at=now())  # nothing to expect


def make_title_like(title):
    from footlights.catalog.api import get_channel

    return make_title(get_channel(title.channel_id))


def test_purchases_and_entitlements_are_ones_own(viewer, stranger, offer) -> None:
    purchase = buy(viewer, offer)
    pay("paid", purchase.hosted_url)
    with pytest.raises(NotFoundError):
        get_purchase(purchase.id, stranger.id)
    assert list_purchases(stranger.id) == list_entitlements(stranger.id) == list_library(stranger.id) == []
    assert len(list_purchases(viewer.id)) == len(list_library(viewer.id)) == 1
    assert api.find_purchase(purchase.id).id == purchase.id
    assert api.find_purchase(uuid.uuid4()) is None
    assert str(PurchaseRow.objects.get()) == f"buy {offer.title_id} by {viewer.id}"
    assert str(EntitlementRow.objects.get()) == f"{viewer.id} buy {offer.title_id}"


def test_a_library_at_a_moment_leaves_out_what_is_over(viewer, title) -> None:
    grant(viewer, title, "rent")
    assert len(list_library(viewer.id, now())) == 1
    assert len(list_library(viewer.id, now() + timedelta(days=31))) == 0
    assert len(list_library(viewer.id)) == 1


def test_what_was_given_can_be_watched_until_it_is_taken_and_again_when_given_again(viewer, title, offer) -> None:
    given = {"cause": "gift:1", "at": now()}
    for _each in range(2):
        api.give_title(viewer_id=viewer.id, offer_id=offer.id, **given)
        assert may_watch(viewer.id, title.id, now()).allowed
        api.take_title(**given)
        assert not may_watch(viewer.id, title.id, now()).allowed
    assert [str(row) for row in GrantRow.objects.all()] == ["gift:1"]

"""Coupons: what they take off, for whom, and how often: exactly, whatever happens at the till."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import api, couponing, handlers
from footlights.monetization.api import Choice, CouponRefusedError, Covers, NewCoupon, PurchaseState
from footlights.monetization.models import CouponCodeRow, CouponRow, RedemptionRow
from footlights.monetization.operations import redeeming
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.testing import make_coupon_of, make_offer
from footlights.payments.api import list_payments
from footlights.payments.events import PaymentDeclined
from footlights.payments.testing import pay

AT = now()
DAY = timedelta(days=1)
TITLE, PLAN = uuid.UUID(int=1), uuid.UUID(int=4)
MEMBERS = {"covers": Covers.MEMBERSHIPS}
JOINING = {"title_id": None, "plan_id": PLAN, "interval": "month"}


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def coupon(**changes) -> api.Coupon:
    plain = {
        "id": uuid.UUID(int=2), "channel_id": uuid.UUID(int=3), "title_id": None, "name": "", "percent_bps": 2_500,
        "amount": None, "starts_at": None, "ends_at": None, "uses_max": None, "per_person_max": 1,
        "first_purchase_only": False, "used": 0, "created_at": AT, "withdrawn_at": None,
    }  # fmt: skip
    return api.Coupon(**plain | changes)


def use(**changes) -> couponing.Use:
    plain = {"title_id": TITLE, "home": eur(1000), "uses": 0, "code_uses": 0, "code_uses_max": None, "own_uses": 0}
    return couponing.Use(**plain | {"bought_before": False} | changes)


@pytest.mark.parametrize(
    ("of", "by", "reason"),
    [
        ({}, {}, ""),
        ({"withdrawn_at": AT}, {}, "over"),
        ({"ends_at": AT}, {}, "over"),
        ({"ends_at": AT + DAY, "starts_at": AT}, {}, ""),
        ({"starts_at": AT + DAY}, {}, "not work yet"),
        ({"title_id": TITLE}, {}, ""),
        ({"title_id": uuid.UUID(int=9)}, {}, "something else"),
        (MEMBERS, {}, "something else"),
        ({}, JOINING, "something else"),
        (MEMBERS, JOINING, ""),
        (MEMBERS | {"plan_id": PLAN, "interval": "month"}, JOINING, ""),
        (MEMBERS | {"plan_id": TITLE}, JOINING, "something else"),
        (MEMBERS | {"interval": "year"}, JOINING, "something else"),
        ({"amount": Money(1, "USD"), "percent_bps": None}, {}, "another currency"),
        ({"uses_max": 2}, {"uses": 1}, ""),
        ({"uses_max": 2}, {"uses": 2}, "used up"),
        ({}, {"code_uses": 1, "code_uses_max": 1}, "used up"),
        ({}, {"own_uses": 1}, "used this coupon"),
        ({"per_person_max": 2}, {"own_uses": 1}, ""),
        ({"first_purchase_only": True}, {"bought_before": True}, "first purchase"),
        ({"first_purchase_only": True}, {}, ""),
    ],
)
def test_when_a_coupon_takes_something_off(of, by, reason: str) -> None:
    said = couponing.why_not(coupon(**of), use(**by), AT)
    assert (reason in said) if reason else said == ""


def test_what_a_coupon_takes_off() -> None:
    assert couponing.discount_of(coupon(), eur(999), eur(999)) == eur(250)
    assert couponing.discount_of(coupon(percent_bps=10_000), Money(7, "JPY"), eur(9)) == Money(7, "JPY")
    assert couponing.discount_of(coupon(amount=eur(300), percent_bps=None), eur(200), eur(200)) == eur(300)
    # The quote caps that. In another currency it takes the same part of the price: a fifth, and all of it at most.
    assert couponing.discount_of(coupon(amount=eur(200), percent_bps=None), Money(1500, "JPY"), eur(1000)) == Money(
        300, "JPY"
    )
    assert couponing.discount_of(coupon(amount=eur(9999), percent_bps=None), Money(1500, "JPY"), eur(1000)) == Money(
        1500, "JPY"
    )


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"percent_bps": None}, "percent"),
        ({"amount": eur(1)}, "percent"),
        ({"percent_bps": 10_001}, "percent"),
        ({"percent_bps": None, "amount": eur(0)}, "amount"),
        ({"code": " "}, "code"),
        ({"batch": 5}, "code"),
        ({"code": "", "batch": 1_001}, "batch"),
        ({"uses_max": 0}, "uses_max"),
        ({"per_person_max": 0}, "per_person_max"),
        ({"ends_at": AT}, "ends_at"),
        ({"ends_at": AT + DAY, "starts_at": AT + DAY}, "ends_at"),
    ],
)
def test_impossible_coupons_are_refused(new, field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        couponing.check_new(NewCoupon(**{"name": "n", "code": "C", "percent_bps": 1_000} | new), AT)
    assert caught.value.field == field


@pytest.fixture
def offer(title):
    return make_offer(title, "buy", eur(1000))


def buy(viewer, offer, code: str = "spring", key: str = "k", **more):
    asked = {"viewer_id": viewer.id, "offer_id": offer.id, "idempotency_key": key, "at": now()}
    return api.buy_title(**asked | {"choice": Choice(coupon=code)} | more)


def used(row=CouponRow) -> int:
    return row.objects.get().used


@pytest.mark.django_db
def test_a_code_is_reserved_at_the_till_used_with_the_money_and_released_without(viewer, channel, offer) -> None:
    made = make_coupon_of(channel, uses_max=1)
    first = buy(viewer, offer, " Spring ")
    assert (first.price, first.breakdown.discount, used(), used(CouponCodeRow)) == (eur(750), eur(250), 1, 1)
    assert buy(viewer, offer, key="the other tab").id == first.id
    other = make_person()
    with pytest.raises(CouponRefusedError, match="used up"):
        buy(other, offer)
    pay("declined", first.hosted_url)
    assert (used(), used(CouponCodeRow)) == (0, 0)
    second = buy(other, offer)
    pay("paid", second.hosted_url)
    assert api.get_purchase(second.id, other.id).state is PurchaseState.PAID
    assert api.earnings(channel.id, "EUR").gross == eur(750)
    assert [each.used for each in api.list_codes(made.id)] == [1]
    handlers.close_what_was_not_paid(PaymentDeclined(second.payment_id, f"purchase:{second.id}", "late", now()))
    assert used() == 1  # late bad news frees nothing
    assert "used" in str(RedemptionRow.objects.get(purchase_id=second.id))


@pytest.mark.django_db
def test_who_changes_their_mind_at_the_till_keeps_the_coupon(viewer, title, channel, offer) -> None:
    make_coupon_of(channel, uses_max=1)
    first = buy(viewer, offer)
    second = buy(viewer, make_offer(title, "rent", eur(400)), key="rather rent")
    assert (second.price, used()) == (eur(300), 1)
    assert api.get_purchase(first.id, viewer.id).state is PurchaseState.DECLINED


@pytest.mark.django_db
@pytest.mark.parametrize(("taken", "state"), [(False, "used"), (True, "late")])
def test_an_expired_checkout_paid_late_has_its_price_whatever_became_of_the_coupon(
    viewer, channel, offer, taken, state
) -> None:
    make_coupon_of(channel, uses_max=1)
    late = buy(viewer, offer)
    handlers.close_what_was_not_paid(PaymentDeclined(late.payment_id, f"purchase:{late.id}", "expired", now()))
    if taken:
        buy(make_person(), offer)
    for _each in range(2):
        fulfil_purchase(purchase_id=late.id, payment_id=late.payment_id, at=now())
        redeeming.settle(late.id)  # what was settled stays as it is
    assert RedemptionRow.objects.get(purchase_id=late.id).state == state
    assert used() == used(CouponCodeRow) == 1
    assert api.list_sales(channel.id)[0].price == eur(750)


@pytest.mark.django_db
def test_everything_off_is_theirs_without_a_gateway(viewer, channel, offer) -> None:
    make_coupon_of(channel, code="", batch=3, percent_bps=10_000, per_person_max=1)
    code, other, _third = (each.code for each in api.list_codes(CouponRow.objects.get().pk))
    assert buy(viewer, offer, code, shown=eur(0)).state is PurchaseState.PAID
    assert list_payments() == []
    another = make_offer(make_title(channel), "buy", eur(500))
    for spent, whose in ((code, make_person()), (other, viewer)):
        with pytest.raises(CouponRefusedError):
            buy(whose, another, spent, key="another")


@pytest.mark.django_db
def test_the_database_refuses_one_use_too_many(channel) -> None:
    make_coupon_of(channel, uses_max=1)
    for row, rule in ((CouponRow, "coupon_uses"), (CouponCodeRow, "coupon_code_uses")):
        row.objects.update(uses_max=1)
        for wrong in (2, -1):
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                row.objects.update(used=wrong)
    with pytest.raises(IntegrityError, match="takes_off"), transaction.atomic():
        CouponRow.objects.update(amount_minor=5)
    assert (str(CouponRow.objects.get()), str(CouponCodeRow.objects.get())) == ("A coupon", "SPRING")


@pytest.mark.django_db
def test_a_coupon_is_its_channels_and_its_sellers(viewer, stranger, creator, channel, title, offer) -> None:
    made = make_coupon_of(channel, title_id=title.id, amount=eur(100), percent_bps=None, first_purchase_only=True)
    elsewhere = make_offer(make_title(make_channel(stranger)), "buy", eur(500))
    with pytest.raises(CouponRefusedError, match="no coupon with this code"):
        buy(viewer, elsewhere)
    with pytest.raises(InvalidInputError):
        make_coupon_of(channel, code="spring")  # the channel has it
    with pytest.raises(InvalidInputError):
        make_coupon_of(channel, code="other", title_id=elsewhere.title_id)
    assert [each.id for each in api.list_coupons(channel.id)] == [made.id]
    assert api.get_coupon(coupon_id=made.id, channel_id=channel.id) == made
    with pytest.raises(NotFoundError):
        api.get_coupon(coupon_id=made.id, channel_id=elsewhere.id)
    for nobody, coupon_id in ((stranger, made.id), (creator, uuid.uuid4())):
        with pytest.raises(NotFoundError):
            api.withdraw_coupon(coupon_id=coupon_id, editor_id=nobody.id, at=now())
    with pytest.raises(NotFoundError):
        api.make_coupon(channel_id=channel.id, editor_id=stranger.id, new=NewCoupon(name="n"), at=now())
    standing = buy(viewer, offer)
    for _ in range(2):
        api.withdraw_coupon(coupon_id=made.id, editor_id=creator.id, at=now())
    with pytest.raises(CouponRefusedError, match="over"):
        buy(make_person(), offer)
    pay("paid", standing.hosted_url)
    assert api.list_sales(channel.id)[0].price == eur(900)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_use_it_exactly_as_often_as_it_may_be(channel, offer) -> None:
    make_coupon_of(channel, uses_max=2)
    viewers = [make_person() for _ in range(6)]

    def attempt(viewer) -> bool:
        try:
            return buy(viewer, offer).price == eur(750)
        except CouponRefusedError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, viewers)) == 2
    assert used() == RedemptionRow.objects.count() == 2


@pytest.mark.django_db
def test_somebody_who_races_themselves_uses_it_once(viewer, channel, title, offer, monkeypatch) -> None:
    make_coupon_of(channel)
    buy(viewer, offer)
    monkeypatch.setattr("footlights.monetization.couponing.why_not", lambda *_: "")  # not seen yet
    with pytest.raises(CouponRefusedError, match="already"):
        buy(viewer, make_offer(make_title(channel), "buy", eur(500)), key="another title")
    CouponCodeRow.objects.update(uses_max=1)
    with pytest.raises(CouponRefusedError, match="used up"):
        buy(make_person(), offer)
    assert used() == 1


def test_a_coupon_of_memberships_says_for_what_and_how_long() -> None:
    new = NewCoupon(name="n", code="c", percent_bps=2_000, covers=Covers.MEMBERSHIPS, periods=3, interval="month")
    couponing.check_new(new, now())
    wrong = {
        "title": [{"title_id": uuid.uuid4()}, {"interval": "week"}],
        "periods": [
            {"periods": 0},
            {"periods": 37},
            {"periods": None, "percent_bps": 10_000},
            {"covers": Covers.SALES},
        ],
    }
    for field, changes in wrong.items():
        for change in changes:
            with pytest.raises(InvalidInputError) as refused:
                couponing.check_new(replace(new, **change), now())
            assert refused.value.field == field


@pytest.mark.django_db
def test_a_membership_reserves_uses_and_releases_as_a_purchase_does(viewer, channel) -> None:
    made = make_coupon_of(channel, uses_max=1, covers=Covers.MEMBERSHIPS, first_purchase_only=True)
    joining = {"channel_id": channel.id, "plan_id": PLAN, "interval": "month", "home": eur(1000), "at": now()}
    first, second = uuid.uuid4(), uuid.uuid4()

    def find(who, typed="spring"):
        return api.find_member_coupon(typed=typed, viewer_id=who.id, **joining)

    found, taken = find(viewer)
    assert (found.id, api.takes_off(found, eur(1000), eur(1000))) == (made.id, eur(250))
    with pytest.raises(CouponRefusedError, match="no coupon"):
        find(viewer, "other")
    api.reserve_for_member(subscription_id=first, viewer_id=viewer.id, use=taken, at=now())
    assert find(viewer)[1] == taken, "one's own reservation is given up for the next"
    with pytest.raises(CouponRefusedError, match="used up"):
        find(make_person())
    api.release_coupon(first)
    api.reserve_for_member(subscription_id=second, viewer_id=viewer.id, use=taken, at=now())
    for _each in range(2):
        api.settle_coupon(second)
    api.release_coupon(second)
    assert (used(), api.get_member_coupon(second).id, api.get_member_coupon(uuid.uuid4())) == (1, made.id, None)
    CouponRow.objects.update(uses_max=None, per_person_max=2)
    api.grant_membership(
        viewer_id=viewer.id, channel_id=channel.id, tier=1, until=now() + DAY, cause="subscription:x", at=now()
    )
    with pytest.raises(CouponRefusedError, match="first purchase"):
        find(viewer)

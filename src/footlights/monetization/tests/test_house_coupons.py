"""Coupons of the platform: it bears what they take off, and makers earn as if they took nothing off."""

import uuid
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import Entry, list_balances
from footlights.monetization import api, couponing, policies, refunding
from footlights.monetization.api import Choice, CouponRefusedError, Covers, NewCoupon, PurchaseState
from footlights.monetization.causes import COUPONS
from footlights.monetization.models import CouponRow, PurchaseRow
from footlights.monetization.records import Breakdown, Tax
from footlights.monetization.testing import (
    make_collection_offer,
    make_coupon_of,
    make_house_coupon_of,
    make_offer,
    make_sale,
)
from footlights.payments.api import refund_payment
from footlights.payments.testing import pay, webhooks_arrive
from footlights.taxes.api import Evidence
from footlights.taxes.testing import make_registration


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


@pytest.fixture
def offer(title):
    return make_offer(title, "buy", eur(1000))


def choice(**more) -> Choice:
    return Choice(**{"coupon": "house"} | more)


def quote(viewer, offer, **more):
    return api.quote_offer(viewer_id=viewer.id, offer_id=offer.id, at=now(), choice=choice(**more))


def buy(viewer, offer, key: str = "k", **more):
    asked = {"viewer_id": viewer.id, "offer_id": offer.id, "idempotency_key": key, "at": now()}
    return api.buy_title(**asked, choice=choice(**more))


def owed() -> dict[str, int]:
    """What the books hold by account; what the gateway keeps of a payment is still with it here."""
    sums: Counter[str] = Counter()
    for each in list_balances():
        sums[each.account.replace("gatewaycost:", "gateway:")] += each.amount.amount_minor
    return {account: amount for account, amount in sums.items() if amount}


def give_back(purchase, amount: Money | None = None, key: str = "r") -> None:
    refund_payment(payment_id=purchase.payment_id, idempotency_key=key, at=now(), amount=amount)
    with webhooks_arrive():
        run_jobs(only="payments")
    run_jobs(only="monetization")


@pytest.mark.django_db
def test_makers_earn_of_the_whole_price_and_the_platform_pays_the_difference(viewer, staff, channel, offer) -> None:
    make_house_coupon_of(staff)
    bought = buy(viewer, offer)
    pay("paid", bought.hosted_url)
    assert bought.price == eur(700)
    assert owed() == {"gateway:sandbox": 700, COUPONS: 300, "platform:fees": -100, f"creator:{channel.id}": -900}
    [sale] = api.list_sales(channel.id)
    assert (sale.borne, sale.fee, sale.net, sale.left) == (eur(300), eur(100), eur(900), eur(900))
    earned = api.earnings(channel.id, "EUR")
    assert (earned.gross, earned.borne, earned.net) == (eur(700), eur(300), eur(900))
    assert earned.available == earned.net
    assert api.earnings_by_title(channel.id, "EUR")[0].net == eur(900)
    breakdown = api.earnings_by(channel_id=channel.id, currency="EUR", since=datetime(2000, 1, 1, tzinfo=UTC))
    assert {part.net for parts in breakdown.values() for part in parts} == {eur(900)}


@pytest.mark.django_db
def test_one_of_ninety_percent_costs_the_platform_more_than_its_fee(viewer, staff, channel, offer) -> None:
    make_house_coupon_of(staff, percent_bps=9_000, most=eur(5_000))
    pay("paid", buy(viewer, offer).hosted_url)
    assert owed() == {"gateway:sandbox": 100, COUPONS: 900, "platform:fees": -100, f"creator:{channel.id}": -900}


@pytest.mark.django_db
def test_in_parts_and_whole_everything_goes_back_where_it_came_from(viewer, staff, channel, offer) -> None:
    make_house_coupon_of(staff)
    bought = buy(viewer, offer)
    pay("paid", bought.hosted_url)
    give_back(bought, eur(333), "part")
    [sale] = api.list_sales(channel.id)
    assert owed()["gateway:sandbox"] == 367
    assert owed()[COUPONS] == 300 - 300 * 333 // 700
    assert sale.left == eur(-owed()[f"creator:{channel.id}"])
    assert api.earnings(channel.id, "EUR").net == sale.left
    give_back(bought, None, "rest")
    assert owed() == {}
    assert api.get_purchase(bought.id, viewer.id).state is PurchaseState.REFUNDED
    assert api.list_sales(channel.id)[0].left == eur(0)


@pytest.mark.django_db
def test_tax_is_on_what_is_paid_and_makers_earn_of_the_net_of_the_whole(viewer, staff, channel, offer) -> None:
    make_registration("EU")
    make_house_coupon_of(staff)
    bought = buy(viewer, offer, evidence=Evidence(address="DE"))
    pay("paid", bought.hosted_url)
    assert owed() == {
        "gateway:sandbox": 700,
        "tax:de": -112,
        COUPONS: 840 - 588,
        "platform:fees": -84,
        f"creator:{channel.id}": -756,
    }
    give_back(bought)
    assert owed() == {}


@pytest.mark.django_db
def test_no_use_takes_off_more_than_it_says_and_never_everything(viewer, staff, title, offer) -> None:
    made = make_house_coupon_of(staff, percent_bps=5_000, most=eur(200), uses_max=10)
    assert quote(viewer, offer).total == eur(800)
    assert couponing.costs_at_most(made) == eur(2_000)
    make_house_coupon_of(staff, code="TEN", percent_bps=None, amount=eur(1_000))
    assert quote(viewer, offer, coupon="ten").total == eur(100)
    assert quote(viewer, make_offer(title, "rent", eur(1)), coupon="ten").total == eur(1), "a tenth, rounded up"


@pytest.mark.django_db
def test_who_pays_what_they_want_pays_the_platform_no_favour(viewer, staff, title) -> None:
    make_house_coupon_of(staff, most=eur(50_000))
    wanted = api.NewOffer(api.OfferKind.BUY, eur(1_000), floor=eur(100))
    [made] = api.set_offers(title_id=title.id, editor_id=title.owner_id, offers=[wanted], at=now())
    shown = quote(viewer, made, amount=eur(20_000)).breakdown
    assert (shown.discount, shown.total) == (eur(300), eur(19_700))


@pytest.mark.django_db
def test_of_a_collection_it_takes_a_part_of_what_is_left_to_pay(viewer, staff, channel, title) -> None:
    make_house_coupon_of(staff)
    other = make_title(channel)
    collection = make_collection(channel, title, other)
    make_sale(title, viewer, eur(400))
    shown = quote(viewer, make_collection_offer(collection, eur(1_000))).breakdown
    assert (shown.credit, shown.discount, shown.total, shown.borne) == (eur(400), eur(180), eur(420), eur(180))


@pytest.mark.django_db
def test_it_is_good_everywhere_and_a_channels_own_code_goes_before_it(viewer, staff, channel, offer) -> None:
    make_house_coupon_of(staff, per_person_max=5)
    elsewhere = make_offer(make_title(make_channel(make_person(), handle="elsewhere")), "buy", eur(1000))
    assert (quote(viewer, elsewhere).coupon.is_house, quote(viewer, offer).coupon.is_house) == (True, True)
    make_coupon_of(channel, code="house", percent_bps=1_000)
    shown = quote(viewer, offer)
    assert (shown.total, shown.breakdown.borne, shown.coupon.is_house) == (eur(900), None, False)
    assert quote(viewer, elsewhere).total == eur(700)
    with pytest.raises(InvalidInputError, match="that code already"):
        make_house_coupon_of(staff)


@pytest.mark.django_db
def test_a_first_purchase_is_one_at_any_channel(viewer, staff, offer) -> None:
    make_house_coupon_of(staff, first_purchase_only=True)
    assert quote(viewer, offer).total == eur(700)
    make_sale(make_title(make_channel(make_person(), handle="elsewhere")), viewer)
    with pytest.raises(CouponRefusedError, match="first purchase"):
        quote(viewer, offer)


@pytest.mark.django_db
def test_its_currency_is_that_of_what_it_takes_off(viewer, staff, title) -> None:
    make_house_coupon_of(staff)
    with pytest.raises(CouponRefusedError, match="another currency"):
        quote(viewer, make_offer(title, "buy", Money(1_000, "USD")))


@pytest.mark.django_db
def test_whoever_ends_it_is_the_house(viewer, staff, creator, offer) -> None:
    made = make_house_coupon_of(staff)
    with pytest.raises(NotFoundError):
        api.withdraw_coupon(coupon_id=made.id, editor_id=creator.id, at=now())
    standing = buy(viewer, offer)
    for _ in range(2):
        api.withdraw_house_coupon(coupon_id=made.id, editor_id=staff.id, at=now())
    with pytest.raises(CouponRefusedError, match="over"):
        quote(make_person(), offer)
    pay("paid", standing.hosted_url)
    assert owed()[COUPONS] == 300, "what stood at the till is honoured"
    assert [each.id for each in api.list_coupons(None)] == [made.id]


@pytest.mark.django_db
def test_a_channels_coupon_is_not_the_houses_to_end(staff, channel) -> None:
    own = make_coupon_of(channel)
    with pytest.raises(NotFoundError):
        api.withdraw_house_coupon(coupon_id=own.id, editor_id=staff.id, at=now())
    assert couponing.costs_at_most(own) is None


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"percent_bps": 9_001}, "percent"),
        ({"most": None}, "most"),
        ({"most": eur(0)}, "most"),
        ({"uses_max": None}, "uses_max"),
        ({"title_id": uuid.UUID(int=1)}, "title"),
        ({"covers": Covers.MEMBERSHIPS}, "periods"),
        ({"covers": Covers.MEMBERSHIPS, "periods": 2, "plan_id": uuid.UUID(int=1)}, "title"),
    ],
)
def test_what_has_no_end_is_not_made(new, field: str) -> None:
    asked = {"name": "n", "code": "C", "percent_bps": 1_000, "uses_max": 5, "most": eur(100)} | new
    with pytest.raises(InvalidInputError) as caught:
        couponing.check_house(NewCoupon(**asked))
    assert caught.value.field == field


@pytest.mark.django_db
def test_a_batch_is_as_many_uses_as_it_has_codes(staff) -> None:
    made = make_house_coupon_of(staff, code="", batch=3, uses_max=None)
    assert (made.uses_max, couponing.costs_at_most(made)) == (3, eur(1_500))


@pytest.mark.django_db
def test_the_database_keeps_what_the_platform_bears_within_bounds(viewer, staff, channel, offer) -> None:
    make_house_coupon_of(staff)
    pay("paid", buy(viewer, offer).hosted_url)
    for wrong, rule in (
        ({"uses_max": None}, "of_the_house"),
        ({"most_minor": None}, "of_the_house"),
        ({"most_minor": 0}, "takes_off"),
        ({"title_id": channel.id}, "of_the_house"),
        ({"channel_id": channel.id}, "of_the_house"),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            CouponRow.objects.update(**wrong)
    for wrong, rule in (
        ({"borne_minor": 301}, "borne"),
        ({"borne_minor": -1, "fee_minor": 0}, "borne"),
        ({"borne_minor": 100, "shared_minor": 800}, "purchase_fee"),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            PurchaseRow.objects.update(**wrong)


@given(st.integers(1, 10**7), st.integers(0, 9_000), st.integers(0, 10_000), st.lists(st.integers(1, 10**6)))
def test_whatever_is_paid_taken_and_given_back_sums_to_nothing(price, percent_bps, fee_bps, returns) -> None:
    off = price * percent_bps // 10_000
    paid, nothing = eur(price - off), eur(0)
    tax = Tax(paid.share_bps(1_596), place="DE")
    whole_net = eur(price) - eur(price).share_bps(1_596)
    made = Breakdown(eur(price), None, eur(off), nothing, tax, paid, borne=whole_net - (paid - tax.amount) or None)
    fee = policies.fee_of(made.earned, fee_bps=fee_bps)
    shares = (("person:1", 3_333), ("creator:1", 6_667))
    parts = policies.shares_of(made, fee=fee, channel_id=uuid.UUID(int=7), shares=shares)
    entries = _booked(policies.sale_postings(breakdown=made, fee=fee, gateway="g", parts=parts))
    assert sum(each.amount.amount_minor for each in entries) == 0
    left = paid.amount_minor
    for wanted in [*returns, price]:
        amount = min(wanted, left)
        if not amount:
            break
        left -= amount
        back = refunding.return_postings(entries, eur(amount))
        assert sum(each.amount.amount_minor for each in back) == 0
        assert sum(each.amount.amount_minor for each in back if each.account == "gateway:g") == -amount
        entries += _booked(back)
    sums: dict[str, int] = {}
    for each in entries:
        sums[each.account] = sums.get(each.account, 0) + each.amount.amount_minor
    assert not any(sums.values()), "once all went back, nothing is left anywhere"


def _booked(postings) -> list[Entry]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [Entry(new_id(), "", "", "", each.account, each.amount, at) for each in postings]

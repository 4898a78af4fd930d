from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization import api
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay

pytestmark = pytest.mark.django_db


def sell(title, amount_minor: int = 400, currency: str = "EUR"):
    offers = [offer for offer in api.list_offers(title.id) if offer.price == Money(amount_minor, currency)]
    offer = offers[0] if offers else make_offer(title, "buy", Money(amount_minor, currency))
    purchase = api.buy_title(viewer_id=make_person().id, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", purchase.hosted_url)
    return purchase


def refund(purchase, by) -> None:
    api.refund_purchase(purchase_id=purchase.id, by_id=by.id, idempotency_key=f"r{purchase.id}", at=now())
    run_jobs(only="monetization")


def test_earnings_are_what_the_books_owe(creator, channel, title) -> None:
    sell(title), sell(title)
    refund(sell(title), creator)
    earned = api.earnings(channel.id, "EUR")
    assert (earned.gross, earned.fees, earned.net) == (Money(800, "EUR"), Money(80, "EUR"), Money(720, "EUR"))
    assert earned.available == earned.net


def test_earnings_are_of_one_channel_and_one_currency(channel, title, stranger) -> None:
    sell(title)
    sell(make_title(channel), 500, "JPY")
    elsewhere = make_channel(stranger)
    sell(make_title(elsewhere), 900)
    assert api.earning_currencies(channel.id) == ["EUR", "JPY"]
    assert api.earnings(channel.id, "JPY").net == Money(450, "JPY")
    assert api.earnings(elsewhere.id, "EUR").net == Money(810, "EUR")
    assert not api.earnings(channel.id, "USD").gross


def test_titles_are_ranked_by_what_they_earned(creator, channel, title) -> None:
    other = make_title(channel)
    sell(title), sell(title), sell(other, 500), refund(sell(title), creator)
    assert [(line.title_id, line.sales, line.gross.amount_minor, line.net.amount_minor) for line in
            api.earnings_by_title(channel.id, "EUR")] == [(title.id, 2, 800, 720), (other.id, 1, 500, 450)]  # fmt: skip


def test_each_day_has_its_earnings(creator, channel, title) -> None:
    sell(title)
    days = api.daily_earnings(channel.id, "EUR", 7, now())
    assert [day.net.amount_minor for day in days] == [0, 0, 0, 0, 0, 0, 360]
    assert days[-1].day == now().date()
    assert api.daily_earnings(channel.id, "EUR", 7, now() + timedelta(days=1))[-2].net == Money(360, "EUR")


def test_sales_are_listed_the_newest_first_with_what_went_back(creator, channel, title) -> None:
    other = make_title(channel)
    first, second = sell(title), sell(other, 500)
    refund(first, creator)
    sales = api.list_sales(channel.id)
    assert [sale.purchase_id for sale in sales] == [second.id, first.id]
    assert (sales[0].price, sales[0].fee, sales[0].net) == (Money(500, "EUR"), Money(50, "EUR"), Money(450, "EUR"))
    assert [sale.refunded_at is not None for sale in sales] == [False, True]
    assert [sale.purchase_id for sale in api.list_sales(channel.id, title_id=title.id)] == [first.id]
    assert [sale.purchase_id for sale in api.list_sales(channel.id, limit=1, offset=1)] == [first.id]


def test_a_sale_is_its_channels_own(channel, title) -> None:
    sold = sell(title)
    assert api.get_sale(channel_id=channel.id, purchase_id=sold.id).price == Money(400, "EUR")
    for channel_id, purchase_id in ((new_id(), sold.id), (channel.id, new_id())):
        with pytest.raises(NotFoundError):
            api.get_sale(channel_id=channel_id, purchase_id=purchase_id)


def test_what_is_taken_for_free_is_no_sale(channel, title, viewer) -> None:
    offer = make_offer(title, "free")
    api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())
    assert api.list_sales(channel.id) == []
    assert api.earnings_by_title(channel.id, "EUR") == []

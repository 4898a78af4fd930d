"""Where a channel sells, and what was agreed to there."""

import pytest
from django.db import IntegrityError, transaction

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.prices import api
from footlights.prices.api import AT_HOME, Asked, Buyer, LocalPrice, Market
from footlights.prices.models import LocalPriceRow, MarketRow, RateRow
from footlights.prices.testing import know_rates

pytestmark = pytest.mark.django_db
CHANNEL, PERSON, SUBJECT = new_id(), new_id(), "offer:1"
HOME = Asked(Money(400, "EUR"))


def local(minor: int = 500, currency: str = "USD", country: str = "") -> LocalPrice:
    return LocalPrice(currency, country, Asked(Money(minor, currency)))


def agree(*prices: LocalPrice) -> None:
    api.agree_prices(channel_id=CHANNEL, prices={SUBJECT: prices}, by_id=PERSON, at=now())


def sell(market: Market) -> None:
    api.open_market(channel_id=CHANNEL, market=market, by_id=PERSON, at=now())


def test_nothing_is_asked_for_local_prices_where_nobody_sells_abroad(django_assert_num_queries):
    assert api.reach_of(Buyer("US")) == AT_HOME
    with django_assert_num_queries(0):
        assert api.price_for(SUBJECT, HOME, Buyer("US")) == HOME


def test_a_buyer_abroad_pays_what_was_agreed_to(django_assert_num_queries):
    sell(Market("USD"))
    agree(local())
    assert api.price_for(SUBJECT, HOME, Buyer("US")) == local().asked
    assert api.price_for(SUBJECT, HOME, Buyer("JP")) == HOME
    assert api.price_for("offer:2", HOME, Buyer("US")) == HOME  # nobody agreed to a price of that one
    assert api.currencies_sold_in() == ["USD"]
    with django_assert_num_queries(1):
        api.prices_for({SUBJECT: HOME, "offer:2": HOME}, Buyer("US"))


def test_readers_who_are_told_the_same_are_the_same():
    sell(Market("USD"))
    sell(Market("INR", "IN", 4_000))
    assert (
        api.reach_of(Buyer("US")) == api.reach_of(Buyer("EC")) == api.reach_of(Buyer("DE", "USD")) == Buyer("", "USD")
    )
    assert api.reach_of(Buyer("IN")) == Buyer("IN")
    assert api.reach_of(Buyer("IN", "USD")) == Buyer("", "USD")
    assert api.reach_of(Buyer("DE")) == api.reach_of(Buyer("DE", "INR")) == api.reach_of(Buyer("US", "EUR")) == AT_HOME


def test_another_agreement_takes_the_place_of_the_one_before():
    agree(local(), local(600, "CAD"))
    [before] = LocalPriceRow.objects.filter(currency="CAD")
    agree(local(450), local(600, "CAD"))
    assert api.list_prices([SUBJECT])[SUBJECT] == (local(600, "CAD"), local(450))
    assert LocalPriceRow.objects.get(currency="CAD").agreed_at == before.agreed_at
    agree()
    assert api.list_prices([SUBJECT]) == {}


def test_a_market_that_is_closed_takes_its_prices_along_and_no_others():
    sell(Market("USD"))
    sell(Market("CAD"))
    agree(local(), local(600, "CAD"))
    for _again in range(2):
        api.close_market(channel_id=CHANNEL, currency="USD", country="", by_id=PERSON)
    assert api.list_prices([SUBJECT]) == {SUBJECT: (local(600, "CAD"),)}
    assert api.list_markets(CHANNEL) == [Market("CAD")]


def test_another_share_of_the_price_is_for_what_is_proposed_from_now_on():
    sell(Market("INR", "IN"))
    sell(Market("INR", "IN", 4_000))
    assert api.list_markets(CHANNEL) == [Market("INR", "IN", 4_000)]


@pytest.mark.parametrize("wrong", [Market("XYZ"), Market("USD", "", 0), Market("USD", "", 50_001)])
def test_a_market_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidInputError):
        sell(wrong)


def test_nobody_looks_after_more_markets_than_a_hundred(monkeypatch):
    monkeypatch.setattr("footlights.prices.operations.markets.MARKETS_MAX", 1)
    sell(Market("USD"))
    with pytest.raises(InvalidInputError):
        sell(Market("CAD"))


def test_the_database_keeps_prices_what_they_are():
    for wrong in ({"amount_minor": 0}, {"lesser_minor": 501}, {"lesser_minor": -1}, {"currency": "usd"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LocalPriceRow.objects.create(
                **{"subject": SUBJECT, "channel_id": CHANNEL, "currency": "USD", "amount_minor": 500, "agreed_by": PERSON}
                | {"agreed_at": now()} | wrong
            )  # fmt: skip


def test_rows_say_what_they_are():
    sell(Market("INR", "IN"))
    agree(local())
    know_rates()
    assert str(MarketRow.objects.get()) == f"{CHANNEL} in INR IN"
    assert str(LocalPriceRow.objects.get()).strip() == "offer:1 in USD"
    assert {str(row).split()[1] for row in RateRow.objects.all()} == {"USD", "JPY", "INR", "GBP"}

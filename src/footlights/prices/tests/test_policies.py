"""What an amount becomes in another currency."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.kernel.money import Money
from footlights.prices import policies
from footlights.prices.records import Asked, Buyer, LocalPrice, Market, Rate, Rates

RATES = Rates(
    {
        code: Rate(code, date(2026, 3, 2), Decimal(rate), "ecb")
        for code, rate in {"USD": "1.08", "JPY": "162.37", "KWD": "0.3321", "ISK": "149.1", "INR": "90.2"}.items()
    }
)
AMOUNTS = st.integers(1, 10**9)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_amounts_convert_by_the_rate_of_both_rounded_half_to_even():
    assert policies.convert(eur(1000), "USD", RATES) == Money(1080, "USD")
    assert policies.convert(eur(1000), "JPY", RATES) == Money(1624, "JPY")
    assert policies.convert(eur(1000), "KWD", RATES) == Money(3321, "KWD")
    assert policies.convert(Money(1080, "USD"), "JPY", RATES) == Money(1624, "JPY")
    assert policies.convert(eur(1000), "EUR", Rates()) == eur(1000)


def test_what_has_no_rate_has_no_other_price():
    assert policies.convert(eur(1000), "GBP", RATES) is None
    assert policies.convert(Money(5, "GBP"), "EUR", RATES) is None
    assert policies.propose(Asked(eur(1000)), Market("GBP"), RATES) is None


@pytest.mark.parametrize(
    ("exact", "nice", "currency"),
    [
        (431, 399, "EUR"), (455, 499, "USD"), (12, 25, "EUR"), (37, 49, "EUR"), (80, 99, "EUR"),
        (9_940, 9_899, "EUR"), (14_873, 14_900, "EUR"), (148_730, 149_900, "INR"),
        (1_487, 1_500, "JPY"), (627, 630, "JPY"), (3, 10, "JPY"), (1_491, 1_500, "ISK"), (16_237, 16_000, "ISK"),
        (1_328, 1_250, "KWD"), (90, 250, "KWD"), (13_284, 13_000, "KWD"),
    ],
)  # fmt: skip
def test_prices_are_rounded_to_amounts_people_are_used_to(exact, nice, currency):
    assert policies.pleasant(Money(exact, currency)) == Money(nice, currency)


@settings(max_examples=200)
@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD", "ISK"]))
def test_a_pleasant_price_is_near_above_nothing_and_stays_itself(minor, currency):
    nice = policies.pleasant(Money(minor, currency))
    assert nice.amount_minor > 0
    assert policies.pleasant(nice) == nice
    if minor >= 1_000:
        assert abs(nice.amount_minor - minor) <= minor * 0.14


@settings(max_examples=100)
@given(AMOUNTS, st.integers(0, 10**9), st.sampled_from(["USD", "JPY", "KWD"]), st.integers(100, 50_000))
def test_the_lesser_price_stays_the_lesser_one(price, lesser, currency, share_bps):
    home = Asked(eur(price), eur(min(lesser, price)))
    local = policies.propose(home, Market(currency, share_bps=share_bps), RATES)
    assert local is not None
    assert local.asked.lesser is not None
    assert not local.asked.price < local.asked.lesser
    followed = policies.follow(local, was=home, becomes=Asked(eur(price * 2), home.lesser))
    assert followed.asked.lesser is not None
    assert not followed.asked.price < followed.asked.lesser


def test_a_floor_of_nothing_stays_nothing():
    local = policies.propose(Asked(eur(500), eur(0)), Market("USD"), RATES)
    assert local is not None
    assert local.asked == Asked(Money(499, "USD"), Money(0, "USD"))


def test_the_same_price_keeps_what_was_agreed_to_and_another_goes_with_it():
    agreed = LocalPrice("USD", "", Asked(Money(1299, "USD")))
    was = Asked(eur(1000))
    assert policies.follow(agreed, was=was, becomes=was) is agreed
    assert policies.follow(agreed, was=was, becomes=Asked(eur(500))).asked.price == Money(699, "USD")
    early = policies.follow(agreed, was=was, becomes=Asked(eur(1000), eur(500)))
    assert early.asked == Asked(Money(1299, "USD"), Money(699, "USD"))


INDIA, DOLLARS = LocalPrice("INR", "IN", Asked(Money(9900, "INR"))), LocalPrice("USD", "", Asked(Money(499, "USD")))


@pytest.mark.parametrize(
    ("buyer", "pays"),
    [
        (Buyer("IN"), INDIA),
        (Buyer("US"), DOLLARS),
        (Buyer("EC"), DOLLARS),  # Ecuador pays in dollars
        (Buyer("DE"), None),
        (Buyer(), None),
        (Buyer("DE", "USD"), DOLLARS),
        (Buyer("IN", "USD"), DOLLARS),
        (Buyer("DE", "INR"), None),  # the price of a country is that country's alone
        (Buyer("US", "EUR"), None),
    ],
)
def test_a_buyer_pays_the_price_of_their_country_or_currency(buyer, pays):
    assert policies.choose([INDIA, DOLLARS], buyer) == pays


def test_rates_that_moved_far_ask_for_another_look():
    assert policies.is_far_off(eur(1000), eur(1051), bps=500)
    assert not policies.is_far_off(eur(1000), eur(950), bps=500)


def test_a_currency_is_named_after_its_country_or_after_none():
    assert {code: policies.country_with(code) for code in ("USD", "GBP", "EUR", "XAF")} == {
        "USD": "US", "GBP": "GB", "EUR": "", "XAF": "",
    }  # fmt: skip

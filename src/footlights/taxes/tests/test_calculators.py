"""What every calculator of taxes keeps, whoever knows the rates; and what becomes of a sale while Stripe Tax is silent."""

from datetime import UTC, date, datetime, timedelta

import pytest

from footlights.kernel.money import Money
from footlights.taxes.adapters.calculator import Tables, TaxedSale
from footlights.taxes.adapters.learned import Learned
from footlights.taxes.adapters.registry import calculator
from footlights.taxes.api import learn_rate, list_known_rates, needs_postcode, quote_tax
from footlights.taxes.jobs import refresh_rates
from footlights.taxes.models import PlaceRateRow
from footlights.taxes.records import KnownRate
from footlights.taxes.testing import GERMAN, make_registration, tax_service

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
PRICE = Money(999, "EUR")
KNOWN = {
    ("DE", ""): KnownRate("DE", "", 190_000, "VAT", AT.date()),
    ("GB", ""): KnownRate("GB", "", 200_000, "VAT", AT.date()),
    ("CH", ""): KnownRate("CH", "", 81_000, "VAT", AT.date()),
    ("CA", "ON"): KnownRate("CA", "ON", 130_000, "HST", AT.date()),
    ("BR", ""): KnownRate("BR", "", 0, "", AT.date()),
}


def knowing(known: dict[tuple[str, str], KnownRate]) -> Learned:
    return Learned(lambda country, region: known.get((country, region)))


CALCULATORS = {"tables": Tables(), "learned": knowing(KNOWN)}


@pytest.fixture
def registrations(db):
    return tuple(make_registration(area) for area in ("EU", "GB", "CH", "CA"))


def sale(registrations, country="DE", **asked):
    told = {"price": PRICE, "kind": "buy", "region": "", "on": AT.date(), "is_business": False}
    return TaxedSale(country=country, registrations=registrations, **(told | asked))


each_calculator = pytest.mark.parametrize("how", CALCULATORS)


@each_calculator
@pytest.mark.parametrize("amount_minor", [1, 49, 999, 1_190, 123_457])
@pytest.mark.parametrize(
    ("country", "region"), [("DE", ""), ("GB", ""), ("CH", ""), ("CA", "ON"), ("MC", ""), ("BR", "")]
)
def test_net_and_tax_are_the_whole_and_prices_hold_it_where_that_is_the_custom(
    registrations, how, country, region, amount_minor
):
    price = Money(amount_minor, "EUR")
    quote = CALCULATORS[how].quote(sale(registrations, country, region=region, price=price))
    assert quote.net + quote.tax == quote.gross
    assert (quote.gross if quote.inclusive else quote.net) == price
    assert quote.inclusive is (country != "CA")
    assert quote == CALCULATORS["tables"].quote(sale(registrations, country, region=region, price=price))


@each_calculator
def test_a_gift_of_money_and_a_buyer_of_no_country_bear_none(registrations, how):
    for told in (sale(registrations, kind="tip"), sale(registrations, None)):
        assert not CALCULATORS[how].quote(told).tax


@each_calculator
def test_a_business_owes_it_itself_where_the_law_says_so(how, db):
    registrations = (make_registration("EU", number="EU372000041"),)
    quote = CALCULATORS[how].quote(sale(registrations, is_business=True))
    assert (quote.is_reversed, quote.net, quote.relief) == (True, Money(839, "EUR"), Money(160, "EUR"))


def test_a_rate_finer_than_we_show_is_exact_to_the_unit():
    known = {("CA", "QC"): KnownRate("CA", "QC", 149_750, "GST+QST", AT.date())}
    quote = knowing(known).quote(sale((), "CA", region="QC", price=Money(1_000_000, "CAD")))
    assert (quote.tax, quote.rate_bps, quote.place) == (Money(149_750, "CAD"), 1498, "CA-QC")


def test_where_no_table_says_so_prices_hold_the_tax_but_in_america():
    known = {(code, ""): KnownRate(code, "", 100_000, "VAT", AT.date()) for code in ("JP", "US")}
    assert knowing(known).quote(sale((), "JP")).gross == PRICE
    assert knowing(known).quote(sale((), "US")).net == PRICE


def test_what_is_older_than_a_month_counts_no_more(registrations):
    old = {("DE", ""): KnownRate("DE", "", 10_000, "VAT", date(2026, 10, 27))}
    assert knowing(old).quote(sale(registrations)).rate_bps == 1_900
    assert knowing(old).quote(sale(registrations, on=date(2026, 11, 26))).rate_bps == 100


def tax(country="DE", region="", at=AT, **more):
    return quote_tax(price=PRICE, kind="buy", buyer_country=country, buyer_region=region, at=at, **more)


@pytest.fixture
def stripe_tax(db):
    with tax_service(within_s=0.2) as service:
        yield service


def learn(country="DE", region="", at=AT):
    learn_rate(country=country, region=region, at=at)


def test_what_stripe_says_of_a_place_is_asked_for_once_a_day(stripe_tax):
    for hours in (0, 1, 23):
        learn(at=AT + timedelta(hours=hours))
    assert stripe_tax.asked == [("DE", "")]
    assert (tax().tax, tax().name, tax().rate_bps) == (Money(160, "EUR"), "VAT", 1_900)
    stripe_tax.places["DE", ""] = [("vat", "25.0")]
    learn(at=AT + timedelta(hours=24))
    assert tax(at=AT + timedelta(days=1)).rate_bps == 2_500


def test_two_taxes_of_a_place_are_one_rate_and_none_is_none(stripe_tax, registrations):
    learn("CA", "QC")
    learn("FR")
    stripe_tax.places["GB", ""] = []
    learn("GB")
    assert [(each.country, each.rate_micro, each.name) for each in list_known_rates()] == [
        ("CA", 149_750, "GST+QST"),
        ("FR", 200_000, "VAT"),
        ("GB", 0, ""),
    ]
    assert not tax("GB").tax  # registered in our tables, not at Stripe: Stripe decides


def test_monaco_is_asked_for_as_france(stripe_tax):
    learn("MC")
    assert stripe_tax.asked == [("FR", "")]
    assert tax("MC").rate_bps == 2_000


@pytest.mark.parametrize("says", ["lost", "slow", "broken", "refused"])
def test_while_stripe_is_silent_its_last_word_counts_then_our_tables(stripe_tax, registrations, says):
    stripe_tax.places["DE", ""] = [("vat", "16.0")]
    learn()
    stripe_tax.says = says
    learn(at=AT + timedelta(days=1))
    assert tax(at=AT + timedelta(days=29)).rate_bps == 1_600
    assert tax(at=AT + timedelta(days=31)).rate_bps == 1_900
    learn("FR")
    assert tax("FR").rate_bps == 2_000  # by the tables: it never said a word of France
    assert list_known_rates()[0].silent_since == AT + timedelta(days=1)


def test_silence_is_asked_again_after_a_minute_and_an_answer_ends_it(stripe_tax):
    stripe_tax.says = "broken"
    for seconds in (0, 30, 60):
        learn(at=AT + timedelta(seconds=seconds))
    assert len(stripe_tax.asked) == 2
    assert PlaceRateRow.objects.get().silent_since == AT
    stripe_tax.says = "answers"
    learn(at=AT + timedelta(seconds=121))
    assert PlaceRateRow.objects.get().silent_since is None
    assert str(PlaceRateRow.objects.get()) == "DE "


def test_in_the_states_a_postcode_says_what_is_asked_and_whose_it_is(stripe_tax):
    assert needs_postcode("US")
    assert not needs_postcode("CA")
    learn("US")
    assert stripe_tax.asked == []  # a country alone says nothing there
    learn("US", "10001")
    quote = tax("US", "10001")
    assert (quote.tax, quote.net, quote.place, quote.name) == (Money(89, "EUR"), PRICE, "US-NY", "Sales tax")
    learn("US", "97035")
    assert not tax("US", "97035").tax
    assert not tax("US").tax
    assert list_known_rates() == []  # there are too many postcodes to list, or to ask for every day
    refresh_rates(timestamp=int((AT + timedelta(hours=25)).timestamp()))
    assert len(stripe_tax.asked) == 2


def test_a_postcode_that_nobody_has_is_none_and_leaves_nothing_behind(stripe_tax):
    assert learn_rate(country="US", region="10001", at=AT)
    assert not learn_rate(country="US", region="00000", at=AT)
    assert [row.region for row in PlaceRateRow.objects.all()] == ["10001"]
    stripe_tax.says = "broken"
    assert learn_rate(country="US", region="97035", at=AT)  # nobody says that there is none


def test_a_business_is_looked_at_as_ever(stripe_tax, db):
    make_registration("EU", number="EU372000041")
    learn()
    assert not tax(business_number=GERMAN).is_reversed  # nobody looked at the number


def test_every_place_is_asked_for_anew_each_day_by_itself(stripe_tax):
    learn("DE")
    learn("FR", at=AT + timedelta(hours=3))
    refresh_rates(timestamp=int((AT + timedelta(hours=25)).timestamp()))
    assert stripe_tax.asked == [("DE", ""), ("FR", ""), ("DE", "")]


def test_with_our_tables_nobody_is_asked(db):
    with tax_service() as service:
        learn("")
    learn()
    refresh_rates(timestamp=int(AT.timestamp()))
    assert service.asked == []
    assert type(calculator()) is Tables
    assert not needs_postcode("US")

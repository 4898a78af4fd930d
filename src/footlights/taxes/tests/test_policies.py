"""What a price is with its tax: pure rules, and sums that are exact."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.taxes import policies
from footlights.taxes.adapters.calculator import Tables, TaxedSale
from footlights.taxes.records import Registration
from footlights.taxes.tables import all_rates, areas

NOW = date(2026, 11, 26)
EVERYWHERE = tuple(Registration(new_id(), area, "", date(2000, 1, 1), None) for area in areas())


def quote(price, country, *, region="", on=NOW, kind="buy", registrations=EVERYWHERE):
    return Tables().quote(TaxedSale(price, kind, country, region, on, registrations))


def test_in_germany_the_price_holds_its_tax():
    found = quote(Money(400, "EUR"), "DE")
    assert (found.gross, found.tax, found.net) == (Money(400, "EUR"), Money(64, "EUR"), Money(336, "EUR"))
    assert (found.rate_bps, found.name, found.inclusive) == (1900, "VAT", True)


def test_in_canada_the_tax_comes_on_top():
    found = quote(Money(1000, "CAD"), "CA", region="ON")
    assert (found.net, found.tax, found.gross) == (Money(1000, "CAD"), Money(130, "CAD"), Money(1130, "CAD"))
    assert (found.name, found.inclusive, found.region) == ("HST", False, "ON")


@pytest.mark.parametrize("region", ["", "QC", "BC"])
def test_without_a_rate_of_the_province_the_federal_one_is_taken(region):
    assert quote(Money(1000, "CAD"), "CA", region=region).rate_bps == 500


@pytest.mark.parametrize(
    ("country", "on", "rate_bps"),
    [
        ("EE", date(2025, 6, 30), 2200),
        ("EE", date(2025, 7, 1), 2400),
        ("SK", date(2024, 12, 31), 2000),
        ("SK", date(2025, 1, 1), 2300),
        ("FI", NOW, 2550),
        ("MC", NOW, 2000),
        ("IM", NOW, 2000),
        ("LI", NOW, 810),
        ("AT", date(1980, 1, 1), 0),
    ],
)
def test_the_rate_is_that_of_the_day(country, on, rate_bps):
    old = tuple(Registration(new_id(), area, "", date(1970, 1, 1), None) for area in areas())
    assert quote(Money(1000, "EUR"), country, on=on, registrations=old).rate_bps == rate_bps


@pytest.mark.parametrize("country", ["US", "XX", None])
def test_where_there_is_no_table_or_no_country_there_is_no_tax(country):
    found = quote(Money(400, "EUR"), country)
    assert (found.tax, found.gross, found.name, found.country) == (Money(0, "EUR"), Money(400, "EUR"), "", country)


def test_a_service_that_is_registered_nowhere_charges_no_tax():
    assert not quote(Money(400, "EUR"), "DE", registrations=()).tax


def test_one_stop_shop_covers_every_member_state_and_nothing_else():
    shop = (Registration(new_id(), "EU", "", date(2020, 1, 1), None),)
    assert quote(Money(400, "EUR"), "HU", registrations=shop).rate_bps == 2700
    assert not quote(Money(400, "GBP"), "GB", registrations=shop).tax


def test_a_registration_in_one_country_covers_that_country():
    here = (Registration(new_id(), "DE", "", date(2020, 1, 1), None),)
    assert quote(Money(400, "EUR"), "DE", registrations=here).tax
    assert not quote(Money(400, "EUR"), "FR", registrations=here).tax


def test_a_registration_holds_from_its_first_day_to_the_day_before_it_ends():
    term = (Registration(new_id(), "DE", "", date(2026, 1, 1), date(2026, 7, 1)),)
    taxed = [bool(quote(Money(400, "EUR"), "DE", on=on, registrations=term).tax) for on in
             (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))]  # fmt: skip
    assert taxed == [False, True, True, False]


def test_a_tip_buys_nothing_and_bears_no_tax():
    assert not quote(Money(400, "EUR"), "DE", kind="tip").tax


@pytest.mark.parametrize(("minor", "tax"), [(3, 0), (9, 2), (15, 2), (21, 4)])
def test_half_a_unit_goes_to_the_even_neighbour(minor, tax):
    """20 % in the price is a sixth of it: ½ → 0, 1½ → 2, 2½ → 2, 3½ → 4."""
    assert quote(Money(minor, "EUR"), "AT").tax == Money(tax, "EUR")


@given(st.sampled_from(all_rates()), st.integers(0, 10**9), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_net_and_tax_are_the_gross_exactly(rate, minor, currency):
    found = policies.apply(rate, Money(minor, currency), country=rate.country)
    assert found.net + found.tax == found.gross
    assert (found.gross if rate.is_inclusive else found.net) == Money(minor, currency)
    assert 0 <= found.tax.amount_minor <= found.gross.amount_minor
    # Within half a unit of the exact tax of the net.
    base, whole = (found.gross, 10_000 + rate.rate_bps) if rate.is_inclusive else (found.net, 10_000)
    assert abs(found.tax.amount_minor * whole - base.amount_minor * rate.rate_bps) * 2 <= whole


@given(st.integers(1, 10**9), st.integers(0, 2_700), st.lists(st.integers(1, 10**6), max_size=6))
def test_the_tax_of_partial_refunds_sums_to_the_tax_of_the_whole(gross, bps, parts):
    gross_money, nothing = Money(gross, "EUR"), Money(0, "EUR")
    tax = policies.part_of(gross_money, bps, 10_000 + bps)
    before, given_back = nothing, nothing
    for part in [*parts, gross]:
        returned = Money(min(part, gross - before.amount_minor), "EUR")
        piece = policies.tax_returned(tax=tax, gross=gross_money, returned_before=before, returned=returned)
        assert 0 <= piece.amount_minor <= returned.amount_minor
        before, given_back = before + returned, given_back + piece
    assert (before, given_back) == (gross_money, tax)


def test_of_nothing_all_of_no_tax_goes_back():
    nothing = Money(0, "EUR")
    assert policies.tax_returned(tax=nothing, gross=nothing, returned_before=nothing, returned=nothing) == nothing

"""The tables: whole, dated without holes or overlaps, each row with its source."""

from itertools import pairwise

import pytest

from footlights.taxes.tables import EU, all_rates, areas, rates_by_place

MEMBERS = {
    *[
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
}


def test_all_27_member_states_have_a_rate():
    assert {rate.country for rate in all_rates() if rate.area == EU} == MEMBERS


@pytest.mark.parametrize("country", ["GB", "CH", "NO", "IN", "CA", "AU"])
def test_the_countries_outside_the_union_have_one_too(country):
    assert country in areas()


def test_the_united_states_are_left_out():
    assert "US" not in areas()


def test_each_row_says_where_it_is_from():
    assert all(
        rate.source.startswith(("European Commission", "HM", "Federal", "Skatte", "Central", "Austral", "Canada"))
        for rate in all_rates()
    )


@pytest.mark.parametrize("place", rates_by_place())
def test_one_rate_ends_where_the_next_begins(place):
    rates = rates_by_place()[place]
    assert all(before.valid_until == after.valid_from for before, after in pairwise(rates))
    assert rates[-1].valid_until is None


def test_a_rate_is_within_reason():
    assert all(0 < rate.rate_bps <= 2_700 for rate in all_rates())

"""Who somebody is to a tax office: what is asked where, what is wrong with an answer, sealed, and gone when wanted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from footlights.accounts.api import (
    TaxpayerKind,
    asked_of,
    erase_taxpayer,
    faults_of,
    find_taxpayer,
    keep_taxpayer,
    list_taxpayers,
    list_to_erase,
    taxpayers_among,
)
from footlights.accounts.resealing import reseal_taxpayers
from footlights.accounts.taxpayer_numbers import tidy_account_number, tidy_tax_number, tidy_vat_number
from footlights.accounts.testing import make_person, make_taxpayer, taxpayer_of
from footlights.audit.testing import recorded
from footlights.kernel.errors import InvalidInputError

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PERSON, BUSINESS = TaxpayerKind
IN_GERMANY = taxpayer_of("DE")
IN_THE_STATES = taxpayer_of("US")


def faults(given, **changes):
    return set(faults_of(replace(given, **changes), on=AT.date()))


@pytest.mark.parametrize("given", [IN_GERMANY, IN_THE_STATES, taxpayer_of("CH"), taxpayer_of("FR", kind=BUSINESS)])
def test_what_a_country_asks_is_enough(given):
    assert faults_of(given, on=AT.date()) == {}


def test_each_country_is_asked_only_what_its_office_wants():
    assert "born_on" in asked_of(country="DE", kind=PERSON)
    assert "registration_number" in asked_of(country="DE", kind=BUSINESS)
    assert {"born_on", "vat_number", "account_number"}.isdisjoint(asked_of(country="US", kind=PERSON))
    assert {"region", "is_certified", "born_on"}.isdisjoint(asked_of(country="CH", kind=PERSON))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"street": ""}, "street"),
        ({"postcode": ""}, "postcode"),
        ({"tax_number": ""}, "tax_number"),
        ({"tax_number": "12345"}, "tax_number"),
        ({"tax_number": "", "born_in": "Riga"}, "born_country"),
        ({"born_on": None}, "born_on"),
        ({"born_on": date(2030, 1, 1)}, "born_on"),
        ({"vat_number": "DE123"}, "vat_number"),
        ({"account_number": "DE89 3704 0044 0532 0130 01"}, "account_number"),
        ({"other_country": "DE"}, "other_country"),
        ({"other_country": "FR"}, "other_tax_number"),
        ({"other_country": "PL", "other_tax_number": "111"}, "other_tax_number"),
        ({"city": "x" * 201}, "city"),
        ({"city": "a\x00b"}, "city"),
    ],
)
def test_each_slip_is_told_at_its_field(changes, field):
    assert field in faults(IN_GERMANY, **changes)


def test_who_has_no_tax_number_says_where_they_were_born():
    assert faults(IN_GERMANY, tax_number="", born_in="Riga", born_country="LV") == set()


def test_the_states_ask_for_number_state_and_word():
    assert faults(IN_THE_STATES, tax_number="", region="", is_certified=False) == {
        "tax_number",
        "region",
        "is_certified",
    }


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("36 574 261 809", "DE", "36 574 261 809"),
        ("dni 12345678z", "ES", ""),
        ("12345678z", "ES", "12345678Z"),
        ("anything 42/x", "LU", "ANYTHING 42/X"),
        ("<b>", "LU", ""),
        ("1" * 41, "BR", ""),
        ("12-3456789", "US", "12-3456789"),
        ("000-00-0000", "US", ""),
    ],
)
def test_a_number_is_taken_where_its_country_could_give_it(typed, country, kept):
    assert tidy_tax_number(typed, country) == kept


def test_bank_accounts_and_vat_numbers_are_tidied():
    assert tidy_account_number("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert tidy_account_number("12-345 678") == "12-345678"
    assert tidy_account_number("?") == ""
    assert tidy_vat_number("fr 23 334175221") == "FR23334175221"


def test_who_also_lives_in_the_union_is_asked_as_there():
    assert faults(taxpayer_of("CH"), other_country="DE", other_tax_number="36574261809") == {"other_country"}
    assert faults(IN_GERMANY, other_country="CH", other_tax_number="756.1234.5678.97") == set()


@pytest.mark.django_db
def test_it_lies_sealed_and_comes_back_whole():
    ada = make_person()
    keep_taxpayer(person_id=ada.pk, given=replace(IN_GERMANY, region="no state is asked here"), at=AT)
    keep_taxpayer(person_id=ada.pk, given=IN_GERMANY, at=AT)
    kept = find_taxpayer(ada.pk)
    assert kept.taxpayer == IN_GERMANY
    with connection.cursor() as cursor:
        cursor.execute("select sealed::text from accounts_taxpayer")
        [(sealed,)] = cursor.fetchall()
    assert IN_GERMANY.family_name.encode().hex() not in sealed
    assert [each.after for each in recorded("taxpayer.kept")] == [None, None]


@pytest.mark.django_db
def test_what_is_wrong_is_not_kept():
    ada = make_person()
    with pytest.raises(InvalidInputError):
        keep_taxpayer(person_id=ada.pk, given=replace(IN_GERMANY, tax_number="1"), at=AT)
    assert find_taxpayer(ada.pk) is None


@pytest.mark.django_db
def test_it_is_erased_at_once_or_on_its_day_once():
    ada, grace = make_taxpayer("DE"), make_taxpayer("US")
    for _twice in range(2):
        assert erase_taxpayer(person_id=ada.pk, not_before=None, at=AT) is None
        assert erase_taxpayer(person_id=grace.pk, not_before=date(2037, 1, 1), at=AT) == date(2037, 1, 1)
    assert taxpayers_among([ada.pk, grace.pk]) == {grace.pk}
    assert list_to_erase(date(2036, 12, 31)) == []
    assert list_to_erase(date(2037, 1, 1)) == [grace.pk]
    assert len(recorded("taxpayer.erasure_asked")) == len(recorded("taxpayer.erased")) == 1


@pytest.mark.django_db
def test_everybody_is_read_in_pages():
    people = sorted([make_taxpayer("DE").pk, make_taxpayer("US").pk])
    assert [each.person_id for each in list_taxpayers()] == people
    assert [each.person_id for each in list_taxpayers(after=people[0])] == people[1:]


@pytest.mark.django_db
def test_without_a_new_key_nothing_is_sealed_anew():
    make_taxpayer("DE")
    assert reseal_taxpayers() == 0

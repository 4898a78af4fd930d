"""Numbers of businesses: their form, who owes the tax, what a register says of them, and what counts while it is silent."""

from datetime import UTC, date, datetime, timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.taxes import policies
from footlights.taxes.api import (
    Answer,
    check_number,
    find_reverse_charge,
    note_reverse_charge,
    quote_tax,
    register,
    takes_number,
    tidy_number,
)
from footlights.taxes.models import NumberCheckRow, ReverseChargeRow
from footlights.taxes.numbers import asker_of
from footlights.taxes.records import Registration
from footlights.taxes.resealing import reseal_numbers
from footlights.taxes.testing import FRENCH, GERMAN, make_registration, vat_register

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
PRICE = Money(1_190, "EUR")
OSS, SEAT = "EU372000041", "FR40303265045"


def quote(number=GERMAN, country="DE", at=AT):
    return quote_tax(price=PRICE, kind="buy", buyer_country=country, business_number=number, at=at)


@pytest.mark.parametrize(
    ("typed", "country", "tidy"),
    [
        ("de 136 695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("DE136695977", "DE", ""),
        ("DE136695976", "FR", ""),
        ("EL094259216", "GR", "EL094259216"),
        ("40 303 265 045", "MC", "FR40303265045"),
        ("GB 980 7806 84", "GB", "GB980780684"),
        ("995525828 MVA", "NO", "995525828MVA"),
        ("83 914 571 673", "AU", "83914571673"),
        ("27AAPFU0939F1ZV", "IN", "27AAPFU0939F1ZV"),
        ("123", "CH", ""),
        ("", "DE", ""),
        ("<script>", "DE", ""),
    ],
)
def test_a_number_is_told_by_its_form(typed, country, tidy):
    assert tidy_number(typed, country) == tidy


def test_a_register_is_told_only_a_number_that_it_can_know():
    assert (asker_of(SEAT), asker_of(OSS), asker_of("")) == (SEAT, "", "")


def registered(area, number="N", *, is_seat=False, until=None):
    return Registration(new_id(), area, number, date(2020, 1, 1), until, is_seat)


@pytest.mark.parametrize(
    ("country", "registrations", "own_number"),
    [
        ("DE", [registered("EU", OSS)], OSS),
        ("DE", [registered("EU", OSS), registered("FR", SEAT, is_seat=True)], SEAT),
        ("FR", [registered("EU", OSS), registered("FR", SEAT, is_seat=True)], ""),  # at home it is collected
        ("DE", [registered("FR", SEAT, is_seat=True)], ""),  # nothing is charged there at all
        ("DE", [registered("DE", "DE1")], "DE1"),
        ("DE", [registered("EU", "")], ""),  # there is no number to put on the invoice
        ("DE", [registered("EU", OSS, until=date(2021, 1, 1))], ""),
        ("GB", [registered("GB", "GB1")], "GB1"),
        ("CH", [registered("CH", "CHE1")], ""),  # whoever is registered there collects it from everybody
        ("CA", [registered("CA", "R1")], ""),
    ],
)
def test_a_business_owes_the_tax_where_its_law_says_so_and_the_seller_has_no_seat(country, registrations, own_number):
    rate = policies.rate_at(country, "", AT.date())
    assert policies.reverse_charge_number(rate, registrations, AT.date()) == own_number


def test_what_the_price_held_is_taken_out_of_it():
    found = policies.reversed_charge(policies.rate_at("DE", "", AT.date()), PRICE, country="DE")
    assert (found.gross, found.net, found.relief) == (Money(1_000, "EUR"), Money(1_000, "EUR"), Money(190, "EUR"))
    on_top = policies.reversed_charge(policies.rate_at("CA", "ON", AT.date()), PRICE, country="CA")
    assert (on_top.gross, on_top.relief) == (PRICE, Money(0, "EUR"))


@pytest.mark.django_db
def test_without_a_register_the_form_counts_from_when_it_was_looked_at():
    make_registration("EU", number=OSS)
    assert (takes_number("DE", AT), takes_number("US", AT)) == (True, False)
    assert quote().tax == Money(190, "EUR")
    check = check_number(typed="de 136695976", country="DE", at=AT)
    assert (check.answer, check.number, check.request_id) == (Answer.FORM, GERMAN, "")
    assert (quote().is_reversed, quote().gross, quote("DE999999999").tax) == (
        True,
        Money(1_000, "EUR"),
        Money(190, "EUR"),
    )
    assert quote(country="FR").tax
    assert check_number(typed="nonsense", country="DE", at=AT) is None


@pytest.mark.django_db
def test_the_register_gives_a_proof_and_is_asked_once_a_day():
    make_registration("EU", number=OSS)
    make_registration("FR", number=SEAT, is_seat=True)
    with vat_register() as vies:
        first = check_number(typed=GERMAN, country="DE", at=AT)
        again = check_number(typed=GERMAN, country="DE", at=AT + timedelta(hours=23))
        assert (first.answer, first.request_id, again) == (Answer.VALID, "WAPI00000001", first)
        asked = {"countryCode": "DE", "vatNumber": "136695976"}
        assert vies.asked == [asked | {"requesterMemberStateCode": "FR", "requesterNumber": SEAT[2:]}]
        note_reverse_charge(reference="purchase:7", number=GERMAN, country="DE", at=AT)
        note_reverse_charge(reference="purchase:7", number=GERMAN, country="DE", at=AT)
        kept = find_reverse_charge("purchase:7")
        assert (kept.number, kept.own_number, kept.check) == (GERMAN, SEAT, first)
    assert find_reverse_charge("purchase:8") is None


@pytest.mark.django_db
@pytest.mark.parametrize("says", ["MS_UNAVAILABLE", "GLOBAL_MAX_CONCURRENT_REQ", "lost", "slow", "nonsense"])
def test_while_the_register_is_silent_the_sale_bears_its_tax_and_the_reason_is_kept(says):
    make_registration("EU", number=OSS)
    with vat_register(within_s=0.2 if says == "slow" else 5) as vies:
        vies.says = says
        check = check_number(typed=GERMAN, country="DE", at=AT)
        assert (check.answer, bool(check.reason)) == (Answer.SILENT, True)
        assert check.reason == says or not says.isupper()
        assert quote().tax
    with vat_register(within_s=5):
        assert check_number(typed=GERMAN, country="DE", at=AT + timedelta(seconds=30)).answer is Answer.SILENT
        assert check_number(typed=GERMAN, country="DE", at=AT + timedelta(minutes=2)).answer is Answer.VALID


@pytest.mark.django_db
def test_an_answer_outlasts_a_silent_register_for_ninety_days_and_a_no_ends_it():
    make_registration("EU", number=OSS)
    with vat_register() as vies:
        check_number(typed=GERMAN, country="DE", at=AT)
        vies.says = "MS_UNAVAILABLE"
        later = AT + timedelta(days=30)
        assert check_number(typed=GERMAN, country="DE", at=later).answer is Answer.VALID
        assert quote(at=later).is_reversed
        assert quote(at=AT + timedelta(days=91)).tax
        vies.says = "invalid"
        assert check_number(typed=GERMAN, country="DE", at=later + timedelta(days=1)).answer is Answer.INVALID
        assert quote(at=later + timedelta(days=1)).tax
        vies.says = "INVALID_INPUT"
        assert check_number(typed=FRENCH, country="FR", at=AT).answer is Answer.INVALID


@pytest.mark.django_db
def test_a_register_that_is_away_altogether_is_silent():
    make_registration("EU", number=OSS)
    with vat_register() as _vies:
        from django.conf import settings

        settings.VIES_URL = "http://127.0.0.1:1/"
        assert check_number(typed=GERMAN, country="DE", at=AT).answer is Answer.SILENT


@pytest.mark.django_db
def test_numbers_lie_sealed_and_a_seat_is_in_a_country():
    check_number(typed=GERMAN, country="DE", at=AT)
    assert NumberCheckRow.objects.filter(number=GERMAN).count() == 1
    assert reseal_numbers() == 0
    assert (str(NumberCheckRow.objects.get()), str(ReverseChargeRow(reference="gift:7"))) == ("DE form", "gift:7")
    with pytest.raises(InvalidInputError):
        register(area="EU", number=OSS, since=AT.date(), by_id=make_person().id, is_seat=True)

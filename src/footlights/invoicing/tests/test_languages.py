"""The buyer's language: words, numbers and dates."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from footlights.invoicing.api import (
    HOUSE,
    SellerDetails,
    keep_seller,
    known_language,
    note_language,
    open_pdf,
    open_sheet,
)
from footlights.invoicing.languages import words_in, written_languages
from footlights.invoicing.sheet import KINDS, TITLES
from footlights.invoicing.sheet.pdf import render_pdf
from footlights.invoicing.tests.conftest import AT, issue, line


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de-AT"),
        ("en;q=0.5, fr-CA;q=0.9", "fr-CA"),
        ("tlh, xx-YY, it", "it"),
        ("ja,zh;q=0.9", "en"),
        ("*", "en"),
        ("", "en"),
        ("de;q=much", "en"),
        ("no", "nb"),
    ],
)
def test_the_best_language_we_can_write_is_taken(wanted, language):
    assert known_language(wanted) == language


@pytest.mark.parametrize("code", sorted(written_languages() - {"en"}))
def test_every_language_has_every_word(code):
    folder = Path(str(files("footlights.invoicing")))
    code_of = "".join(
        (folder / name).read_text()
        for name in ("sheet/__init__.py", "operations/correct_document.py", "operations/send_document.py")
    )
    said = re.findall(r'(?:say|words_in\([^)]*\))\(\s*"([^"]+)"', code_of)
    needed = {*said, *TITLES.values(), *KINDS.values(), "VAT", "GST", "HST"}
    with (folder / "words" / f"{code}.po").open("rb") as file:
        words = {message.id: message.string for message in read_po(file) if message.id}
    assert len(said) > 15
    assert needed == words.keys()
    for word, translated in words.items():
        assert translated
        assert re.findall(r"%\(\w+\)s", word) == re.findall(r"%\(\w+\)s", translated)


def test_a_word_nobody_translated_stays_as_it_is():
    assert words_in("de")("Untranslated") == "Untranslated"


def test_a_document_is_written_in_the_language_one_bought_in(viewer):
    note_language(person_id=viewer.id, wanted="de-DE,en;q=0.5")
    note_language(person_id=viewer.id, wanted="de-DE,en;q=0.5")
    sheet = open_sheet(issue(viewer).id)
    assert (sheet.title, sheet.total) == ("Beleg", ("Gesamt", "4,00\N{NO-BREAK SPACE}€"))
    assert dict(sheet.facts)["Datum"] == "26. November 2026"
    assert sheet.sums[1] == ("USt. 19\N{NO-BREAK SPACE}%, Deutschland", "0,64\N{NO-BREAK SPACE}€")
    assert sheet.lines[0].more == "Zum Behalten"


@pytest.mark.parametrize("language", sorted(written_languages()))
def test_every_language_makes_a_pdf(viewer, language):
    note_language(person_id=viewer.id, wanted=language)
    assert render_pdf(open_sheet(issue(viewer).id), issued_at=AT).startswith(b"%PDF-")


def test_what_lasts_says_from_when_to_when(viewer):
    month = line(kind="subscription", begins=date(2026, 11, 26), ends=date(2026, 12, 25))
    assert open_sheet(issue(viewer, lines=[month]).id).lines[0].more == "Subscription · Nov 26, 2026 – Dec 25, 2026"  # noqa: RUF001


def test_an_invoice_without_tax_says_so_and_shows_no_columns_for_it(viewer, staff):
    keep_seller(seller_id=HOUSE, details=SellerDetails("Nord GmbH"), by_id=staff.id)
    sheet = open_sheet(issue(viewer, lines=[line(400, 0)]).id)
    assert (sheet.is_taxed, sheet.sums) == (False, ())
    assert "No tax is charged on this sale." in sheet.notes


def test_what_is_given_away_is_not_called_paid(viewer):
    assert open_sheet(issue(viewer, lines=[line(0, 0)]).id).notes == ()


def test_two_rates_are_summed_apart(viewer):
    lines = [line(), line(100, 19), line(100, 7, rate_bps=700)]
    sums = open_sheet(issue(viewer, lines=lines).id).sums
    assert [amount for _label, amount in sums] == ["€5.36", "€0.83", "€0.07"]


def test_what_was_bought_under_the_sellers_own_name_does_not_repeat_it(viewer, staff):
    keep_seller(seller_id=HOUSE, details=SellerDetails("Nord GmbH"), by_id=staff.id)
    assert any("Bought on" in note for note in open_sheet(issue(viewer).id).notes)


def test_a_masked_sheet_says_what_was_paid_and_not_by_whom(viewer):
    document = issue(viewer)
    sheet = open_sheet(document.id, is_masked=True)
    assert (sheet.buyer.name, sheet.buyer.lines, sheet.total[1]) == ("•••", (), "€4.00")
    assert open_pdf(document.id, is_masked=True) != open_pdf(document.id)


def test_a_line_without_tax_among_taxed_ones_adds_none(viewer):
    sheet = open_sheet(issue(viewer, lines=[line(), line(100, 0)]).id)
    assert [amount for _label, amount in sheet.sums] == ["€4.36", "€0.64"]
    assert sheet.lines[1].rate == ""

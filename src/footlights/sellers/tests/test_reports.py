"""The year's reports: their figures are the books' to the unit, their form is what the offices read."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from lxml import etree

from footlights.accounts.api import TaxpayerKind
from footlights.accounts.testing import make_person, make_taxpayer
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel
from footlights.invoicing.api import HOUSE, SellerDetails, keep_seller
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of, reverse_journal
from footlights.prices.testing import know_rates
from footlights.sellers import api
from footlights.sellers.reporting.dpi import DPI
from footlights.sellers.tests.conftest import earn
from footlights.sellers.thresholds import is_reported, threshold_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
Q1, Q2 = AT.replace(month=2), AT.replace(month=5)


@pytest.fixture(autouse=True)
def house(db):
    details = SellerDetails(legal_name="Limelight GmbH", address="1 Stage Road\n10115 Berlin", tax_ids="", mail="")
    keep_seller(seller_id=HOUSE, details=details, by_id=make_person().pk)


def written(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def message():
    return fromstring(export(api.Report.DAC7_XML))  # noqa: S314  our own


def export(report, *, country="DE", tin="27/815/08150", year=2026):
    return api.export_year(
        report=report, year=year, country=country, tin=tin, by_id=make_person().pk, at=AT,
        as_text=written,
    )  # fmt: skip


def rows_of(report, **asked):
    return list(csv.DictReader(export(report, **asked).decode().splitlines()))


def channel_of(person):
    return f"creator:{make_channel(person).id}"


def test_every_quarter_is_what_the_books_say_with_refunds_and_currencies_apart():
    ada = make_taxpayer("DE")
    account = channel_of(ada)
    earn(account, 36_000, fees=4_000, at=Q1, cause="purchase:a:paid")
    earn(account, 9_999, fees=1_111, at=Q1, cause="purchase:b:paid")
    earn(f"person:{ada.pk}", 50, fees=5, at=Q2)
    earn(account, 900, fees=100, at=Q2, currency="JPY")
    reverse_journal(
        reversed_cause="purchase:a:paid", cause="purchase:a:paid:refunded:1", at=Q2, amount=Money(10_001, "EUR")
    )
    euro, yen = rows_of(api.Report.DAC7_CSV)
    assert (euro["consideration_q1"], euro["fees_q1"], euro["activities_q1"]) == ("459.99", "51.11", "2")
    booked = balance_of(account, "EUR") + balance_of(f"person:{ada.pk}", "EUR")
    assert sum(Decimal(euro[f"consideration_q{n}"]) for n in (1, 2, 3, 4)) == -booked.decimal
    assert sum(Decimal(euro[f"fees_q{n}"]) for n in (1, 2, 3, 4)) == -balance_of("platform:fees", "EUR").decimal
    assert (yen["currency"], yen["consideration_q2"], yen["fees_q2"]) == ("JPY", "900", "100")
    assert (euro["name"], euro["tin"], euro["tin_country"], euro["birth_date"]) == (
        "Ada Lovelace", "36574261809", "DE", "1990-02-28",
    )  # fmt: skip


def test_anybodys_quarters_are_those_of_the_report_and_of_nobody_else(django_assert_num_queries):
    ada, grace, nobody = make_taxpayer("DE"), make_person(), make_taxpayer("FR")
    earn(channel_of(ada), 36_000, fees=4_000, at=Q1)
    earn(f"person:{ada.pk}", 900, fees=100, at=Q2, currency="JPY")
    earn(channel_of(grace), 50, fees=5, at=Q2)
    with django_assert_num_queries(2):
        found = api.quarters_of_each([ada.pk, grace.pk, nobody.pk], 2026)
    assert set(found) == {ada.pk, grace.pk}
    told = [(each.currency, each.quarters) for each in api.quarters_in_the_union(2026)]
    assert [(each.currency, each.quarters) for each in found[ada.pk]] == told
    assert found[grace.pk][0].amounts("credited")[1] == Money(50, "EUR")


def test_only_who_lives_there_and_earned_then_is_told():
    for country in ("US", "CH"):
        earn(channel_of(make_taxpayer(country)), 100, at=Q1)
    make_taxpayer("DE")
    earn(channel_of(make_taxpayer("FR")), 100, at=Q1 - timedelta(days=300))
    assert rows_of(api.Report.DAC7_CSV) == []


def wrong_with(body):
    """What the schema says of the message."""
    schema = etree.XMLSchema(file=str(Path(__file__).parent / "schema" / "dpi.xsd"))
    schema.validate(etree.fromstring(body))
    return [str(each) for each in schema.error_log]


def name_of(element):
    return element.tag.rpartition("}")[2]


def test_the_message_has_the_schemas_order_and_whole_units():
    ada = make_taxpayer("DE", account_number="DE89370400440532013000", account_holder="Grace Hopper")
    works = make_taxpayer("FR", kind=TaxpayerKind.BUSINESS, vat_number="FR23334175221")
    born = make_taxpayer("DE", tax_number="", born_in="Riga", born_country="LV", account_number="12-345")
    for number, person in enumerate((ada, works, born)):
        earn(channel_of(person), 10_050 + 100 * number, fees=1_150, at=Q1)
    assert wrong_with(export(api.Report.DAC7_XML)) == []
    root = message()
    read = lambda path: [each.text for each in root.iterfind(f".//{path}", {"dpi": DPI})]  # noqa: E731
    assert sorted(read("dpi:ConsQ1")) == ["100", "102", "102"]  # half to even
    assert read("dpi:TaxQ1") == ["0", "0", "0"]
    assert set(read("dpi:TIN")) == {"27/815/08150", "36574261809", "334175221", "NOTIN"}
    assert read("dpi:MessageTypeIndic") == ["DPI401"]
    assert read("dpi:ReportingPeriod") == ["2026-12-31"]
    assert read("dpi:Timestamp") == ["2026-11-26T13:00:00.000"]
    references = [each.text for each in root.iter() if name_of(each) == "DocRefId"]
    assert len(set(references)) == len(references) == 4
    assert [each.attrib["AccountNumberType"] for each in root.iter(f"{{{DPI}}}Identifier")] == ["IBAN", "OBAN"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"<dpi:LastName>Lovelace</dpi:LastName>", b""),
        (b"<dpi:City>Thespis</dpi:City>", b"<dpi:City></dpi:City>"),
        (b">360<", b">360.00<"),
        (b"<dpi:Nexus>RPONEX1</dpi:Nexus>", b"<dpi:Nexus>RPONEX9</dpi:Nexus>"),
        (b"<stf:DocRefId>DE2026", b"<stf:DocRefId>2026"),
        (b' currCode="EUR"', b""),
    ],
)
def test_what_the_schema_refuses_would_be_noticed(right, wrong):
    earn(channel_of(make_taxpayer("DE")), 36_000, fees=4_000, at=Q1)
    body = export(api.Report.DAC7_XML)
    assert wrong_with(body) == []
    assert right in body
    assert wrong_with(body.replace(right, wrong)) != []


def test_a_year_in_which_nobody_earned_says_so():
    assert wrong_with(export(api.Report.DAC7_XML)) == []
    root = message()
    assert [each.text for each in root.iter(f"{{{DPI}}}MessageTypeIndic")] == ["DPI403"]
    assert list(root.iter(f"{{{DPI}}}ReportableSeller")) == []


def test_who_earned_enough_in_the_states_gets_a_form_with_what_buyers_paid():
    know_rates(on=Q1.date(), USD="1.25")
    ada = make_taxpayer("US")
    account = channel_of(ada)
    for number in range(201):
        earn(account, 9_000, fees=1_000, currency="USD", at=Q1 + timedelta(hours=number), cause=f"tip:{number}:paid")
    earn(account, 900, fees=100, currency="EUR", at=Q2)
    reverse_journal(reversed_cause="tip:0:paid", cause="tip:0:paid:refunded:1", at=Q2)
    [told] = rows_of(api.Report.FORM_1099K, country="US", tin="12-3456789")
    assert told["Box 1a - Gross amount of payment card/third party network transactions"] == "20112.50"
    assert told["Box 5e - May"] == "12.50"
    assert sum(Decimal(told[name]) for name in told if name.startswith("Box 5")) == Decimal("20112.50")
    assert (told["Box 3 - Number of payment transactions"], told["Box 1b - Card Not Present transactions"]) == (
        "202",
        "",
    )
    assert (told["Recipient TIN Type"], told["Recipient Taxpayer ID Number"]) == ("SSN", "536904399")
    assert (told["Payer Business or Entity Name Line 1"], told["Recipient State/Province/Territory"]) == (
        "Limelight GmbH",
        "CA",
    )


def test_who_earned_less_is_told_only_where_it_is_asked_for():
    earn(
        channel_of(make_taxpayer("US", kind=TaxpayerKind.BUSINESS, tax_number="12-3456789")), 100, currency="USD", at=Q1
    )
    make_taxpayer("US")
    assert rows_of(api.Report.FORM_1099K) == []
    [told] = rows_of(api.Report.FORM_1099K_ALL)
    assert (told["Recipient TIN Type"], told["Recipient Name Type"]) == ("EIN", "B")


def test_without_a_rate_no_form_is_wrong():
    earn(channel_of(make_taxpayer("US")), 100, currency="EUR", at=Q1)
    with pytest.raises(api.RateMissingError, match="EUR"):
        export(api.Report.FORM_1099K_ALL)
    assert recorded("sellers.exported") == []


@pytest.mark.parametrize(
    ("gross", "transactions", "year", "is_told"),
    [
        (2_000_001, 201, 2026, True),
        (2_000_000, 201, 2026, False),
        (2_000_001, 200, 2025, False),
        (9_000_000, 900, 2010, False),
    ],
)
def test_both_limits_are_to_be_exceeded(gross, transactions, year, is_told):
    assert is_reported(gross=Money(gross, "USD"), transactions=transactions, year=year) is is_told


def test_the_newest_limits_are_those_of_before_2021():
    assert (threshold_in(2026).gross, threshold_in(2026).transactions) == (Money(2_000_000, "USD"), 200)


def test_each_file_is_told_in_the_trail_by_its_digest():
    body = export(api.Report.DAC7_CSV)
    [told] = recorded("sellers.exported")
    assert told.after == {"report": "dac7-csv", "year": 2026, "sha256": sha256(body).hexdigest()}


@pytest.mark.parametrize(
    "asked",
    [{"year": 2022}, {"year": 2027}, {"tin": " "}, {"country": "US"}],
)
def test_what_makes_no_report_is_told(asked):
    with pytest.raises(InvalidInputError):
        export(api.Report.DAC7_XML, **asked)


def test_a_house_without_a_name_reports_nothing(monkeypatch):
    monkeypatch.setattr("footlights.sellers.operations.export_year.find_seller", lambda: None)
    with pytest.raises(InvalidInputError, match="who sells"):
        export(api.Report.DAC7_CSV)

"""Where rates come from."""

from datetime import date
from decimal import Decimal

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.outgoing import Answer, OutgoingError
from footlights.prices.adapters import ecb
from footlights.prices.api import RatesUnavailableError, fetch_rates, list_rates, rates_on, set_rate
from footlights.prices.jobs import rates as rates_job

# As the bank writes it: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml
DOCUMENT = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
	<Cube><Cube time='2026-03-02'><Cube currency='USD' rate='1.0812'/><Cube currency='JPY' rate='162.37'/></Cube></Cube>
</gesmes:Envelope>"""


@pytest.fixture
def bank(monkeypatch, settings):
    """Answers what is put into `says`."""
    says = [Answer(200, {}, DOCUMENT, ecb.URL)]

    def fetch(*_args, **_named):
        if isinstance(says[-1], Exception):
            raise says[-1]
        return says[-1]

    settings.RATES_SOURCE = "ecb"
    monkeypatch.setattr(ecb, "fetch", fetch)
    return says


@pytest.mark.django_db
def test_the_banks_rates_are_kept_under_their_own_day_however_often_they_are_asked_for(bank):
    assert [fetch_rates(), fetch_rates()] == [2, 2]
    rates_job(0)
    assert {(each.currency, each.per_euro, each.on) for each in list_rates(date(2026, 3, 9))} == {
        ("USD", Decimal("1.0812"), date(2026, 3, 2)),
        ("JPY", Decimal("162.37"), date(2026, 3, 2)),
    }
    assert rates_on(date(2026, 3, 1)).per_euro("USD") is None
    assert rates_on(date(2026, 3, 1)).per_euro("EUR") == 1


@pytest.mark.parametrize(
    "answer",
    [
        OutgoingError("no"),
        Answer(503, {}, b"", ecb.URL),
        Answer(200, {}, b"<html>", ecb.URL),
        Answer(200, {}, DOCUMENT.replace(b"1.0812", b"-1"), ecb.URL),
        Answer(200, {}, DOCUMENT.replace(b"1.0812", b"cheap"), ecb.URL),
        Answer(200, {}, b"<Cube/>", ecb.URL),
    ],
    ids=["unreached", "down", "no-xml", "negative", "words", "empty"],
)
def test_a_bank_that_is_not_itself_changes_nothing(bank, answer):
    bank.append(answer)
    with pytest.raises(RatesUnavailableError):
        fetch_rates()


def test_no_one_is_asked_where_administrators_keep_the_table(settings, db):
    settings.RATES_SOURCE = "table"
    assert fetch_rates() == 0


@pytest.mark.django_db
def test_an_administrator_says_what_the_bank_does_not(bank):
    at = now()
    set_rate(currency="KWD", per_euro=Decimal("0.3321"), on=at.date(), by_id=new_id(), at=at)
    set_rate(currency="KWD", per_euro=Decimal("0.34"), on=at.date(), by_id=new_id(), at=at)
    assert [(each.currency, each.per_euro) for each in list_rates(at.date())] == [("KWD", Decimal("0.34"))]


@pytest.mark.parametrize(
    "said",
    [
        {"currency": "EUR"},
        {"currency": "XYZ"},
        {"per_euro": Decimal(0)},
        {"per_euro": Decimal(10**10)},
        {"on": date(2999, 1, 1)},
    ],
    ids=["euro", "unknown", "nothing", "too-much", "tomorrow"],
)
def test_a_rate_that_is_none_is_refused(said):
    at = now()
    with pytest.raises(InvalidInputError):
        set_rate(**{"currency": "KWD", "per_euro": Decimal(1), "on": at.date(), "by_id": new_id(), "at": at} | said)

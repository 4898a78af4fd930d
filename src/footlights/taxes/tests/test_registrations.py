"""Where the service pays taxes."""

from datetime import UTC, date, datetime

import pytest

from footlights.accounts.testing import make_person
from footlights.audit.api import search_records
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.taxes.api import AlreadyRegisteredError, end_registration, list_registrations, quote_tax, register

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PRICE = Money(400, "EUR")


@pytest.fixture
def staff(db):
    return make_person(is_staff=True)


def test_an_installation_that_said_nothing_charges_no_tax(db):
    assert not quote_tax(price=PRICE, kind="buy", buyer_country="DE", at=AT).tax


def test_from_its_first_day_on_buyers_there_pay_the_tax(staff):
    register(area="EU", number="EU372000041", since=date(2026, 11, 26), by_id=staff.id)
    found = quote_tax(price=PRICE, kind="buy", buyer_country="de", at=AT)
    assert (found.tax, found.country) == (Money(64, "EUR"), "DE")
    assert [record.actor_id for record in search_records(act="tax.registered")] == [staff.id]


def test_an_ended_registration_charges_no_more_and_is_still_listed(staff):
    made = register(area="GB", number="", since=date(2026, 1, 1), by_id=staff.id)
    end_registration(registration_id=made.id, until=date(2026, 11, 1), by_id=staff.id)
    assert not quote_tax(price=PRICE, kind="buy", buyer_country="GB", at=AT).tax
    assert [each.until for each in list_registrations()] == [date(2026, 11, 1)]


def test_a_place_counts_once_at_a_time(staff):
    register(area="GB", number="", since=date(2026, 1, 1), by_id=staff.id)
    with pytest.raises(AlreadyRegisteredError):
        register(area="GB", number="", since=date(2026, 2, 1), by_id=staff.id)


def test_a_place_without_a_table_is_refused(staff):
    with pytest.raises(InvalidInputError):
        register(area="US", number="", since=date(2026, 1, 1), by_id=staff.id)


def test_a_registration_ends_once_and_not_before_it_begins(staff):
    made = register(area="GB", number="", since=date(2026, 1, 1), by_id=staff.id)
    with pytest.raises(InvalidInputError):
        end_registration(registration_id=made.id, until=date(2025, 1, 1), by_id=staff.id)
    end_registration(registration_id=made.id, until=date(2026, 1, 1), by_id=staff.id)
    with pytest.raises(NotFoundError):
        end_registration(registration_id=made.id, until=date(2026, 2, 1), by_id=staff.id)

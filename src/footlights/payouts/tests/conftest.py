from datetime import UTC, datetime, timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.money import Money
from footlights.payouts.policies import creator_account
from footlights.payouts.testing import earn, make_destination

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def creator(db):
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def account(channel):
    return an_account(channel)


def an_account(channel):
    """A channel's, with 90.00 EUR earned a month ago and a destination that can be used."""
    earn(channel.id, Money(9_000, "EUR"), at=AT - timedelta(days=30))
    account = creator_account(channel.id)
    make_destination(account, set_at=AT - timedelta(days=10))
    return account


@pytest.fixture
def staff(db):
    return make_person(is_staff=True)


@pytest.fixture
def stranger(db):
    return make_person()

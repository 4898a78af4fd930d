from collections import defaultdict

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.ledger.api import list_balances
from footlights.subscriptions.testing import make_plan


@pytest.fixture
def creator(db):
    return make_person()


@pytest.fixture
def viewer(db):
    return make_person()


@pytest.fixture
def stranger(db):
    return make_person()


@pytest.fixture
def staff(db):
    return make_person(is_staff=True)


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def plan(channel):
    return make_plan(channel, year=10_000)


@pytest.fixture
def balances():
    """Every account's balance in minor units, by its code; nothing that is zero. What gateways cost is theirs still."""

    def read() -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for each in list_balances():
            found[each.account.replace("gatewaycost:", "gateway:")] += each.amount.amount_minor
        return {account: amount for account, amount in found.items() if amount}

    return read

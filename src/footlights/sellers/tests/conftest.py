from datetime import UTC, datetime, timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def earn(account, amount_minor, *, at=AT - timedelta(days=30), currency="EUR", fees=0, cause=""):
    """As a sale would."""
    parts = {account: -amount_minor, "platform:fees": -fees, "gateway:sandbox": amount_minor + fees}
    postings = [Posting(each, Money(amount, currency)) for each, amount in parts.items() if amount]
    post_journal(cause=cause or f"purchase:{new_id()}:paid", postings=postings, at=at)


@pytest.fixture
def creator(db):
    return make_person()


@pytest.fixture
def account(creator):
    """A channel's, on which something was earned."""
    account = f"creator:{make_channel(creator).id}"
    earn(account, 9_000)
    return account

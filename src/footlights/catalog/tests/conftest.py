import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.records import Channel
from footlights.catalog.testing import make_channel


@pytest.fixture
def creator(db):
    return make_person(email="creator@example.org")


@pytest.fixture
def stranger(db):
    return make_person(email="stranger@example.org")


@pytest.fixture
def channel(creator) -> Channel:
    return make_channel(creator, handle="lantern")

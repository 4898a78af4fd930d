import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title


@pytest.fixture
def creator(db):
    return make_person(email="creator@example.org")


@pytest.fixture
def director(db):
    return make_person(email="director@example.org")


@pytest.fixture
def actor(db):
    return make_person(email="actor@example.org")


@pytest.fixture
def stranger(db):
    return make_person(email="stranger@example.org")


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator))

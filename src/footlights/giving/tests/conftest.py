import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title


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
def title(channel):
    return make_title(channel)

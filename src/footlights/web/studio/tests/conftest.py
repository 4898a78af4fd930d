from io import BytesIO

import pytest
from PIL import Image

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title


@pytest.fixture
def creator(db):
    return make_person(email="creator@example.org")


@pytest.fixture
def stranger(db):
    """Somebody with an account, and a channel of their own: a page's rule is about whose object it is."""
    person = make_person(email="stranger@example.org")
    make_channel(person, handle="strange")
    return person


@pytest.fixture
def channel(creator):
    return make_channel(creator, handle="lantern")


@pytest.fixture
def title(channel):
    return make_title(channel, name="A quiet evening", state="draft")


@pytest.fixture
def as_creator(client, creator):
    client.force_login(creator)
    return client


@pytest.fixture
def as_stranger(client, stranger):
    client.force_login(stranger)
    return client


@pytest.fixture
def sample_picture():
    body = BytesIO()
    Image.new("RGB", (1280, 720), "#35507a").save(body, "JPEG")
    return body.getvalue()

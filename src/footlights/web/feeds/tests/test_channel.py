from xml.etree import ElementTree as ET

import pytest
from django.conf import settings

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return make_channel(make_person(), name="Lantern & Sons", description="Quiet films.")


def feed(client, channel):
    answer = client.get(f"{channel.path}/feed.xml")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    return ET.fromstring(answer.content).find("channel")  # noqa: S314  our own answer


def test_a_feed_lists_what_is_public_and_links_to_it(client, channel):
    title = make_title(channel, name="<A> & B", description="About it.", category="drama", tags=["sea"])
    for state in ("draft", "unlisted", "deleted"):
        make_title(channel, state=state)
    told = feed(client, channel)
    assert told.findtext("title") == "Lantern & Sons"
    [item] = told.findall("item")
    assert item.findtext("title") == "<A> & B"
    assert item.findtext("link") == f"{settings.SITE_URL}{title.path}"
    assert item.findtext("guid") == f"urn:uuid:{title.id}"
    assert [category.text for category in item.findall("category")] == ["drama", "sea"]
    assert item.find("enclosure") is None


def test_an_empty_channel_has_an_empty_feed(client, channel):
    assert feed(client, channel).findall("item") == []


def test_a_channel_that_never_was_has_none(client, channel):
    assert client.get("/@nobody/feed.xml").status_code == 404


def test_a_feed_costs_the_same_for_one_and_for_thirty(client, channel, django_assert_max_num_queries):
    for _ in range(35):
        make_title(channel)
    with django_assert_max_num_queries(8):
        assert len(feed(client, channel).findall("item")) == 30

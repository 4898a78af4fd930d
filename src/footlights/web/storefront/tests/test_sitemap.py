"""What search engines find: what everybody may, in bounded pages, and nothing else."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog import addresses
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return make_channel(make_person(), handle="lantern")


def places_in(answer) -> list[str]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return [each.text or "" for each in ET.fromstring(answer.content).iter() if each.tag.endswith("}loc")]  # noqa: S314  ours


def test_robots_txt_is_at_the_root_and_names_the_sitemap(client, channel, settings) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in answer.content.decode().splitlines()
    assert "Disallow: /studio/" in answer.content.decode()


def test_the_sitemap_holds_what_everybody_may_find_and_nothing_else(client, channel, settings) -> None:
    shown = make_title(channel, slug="shown")
    for state in ("draft", "unlisted", "deleted"):
        make_title(channel, state=state)
    make_title(channel, state="scheduled", publish_at=now() + timedelta(days=1))
    make_title(channel, playable=False)
    make_channel(make_person(), handle="empty")
    pages = places_in(client.get("/sitemap.xml"))
    assert pages == [f"{settings.SITE_URL}/sitemap/titles-1.xml", f"{settings.SITE_URL}/sitemap/channels-1.xml"]
    found = [place for page in pages for place in places_in(client.get(page.removeprefix(settings.SITE_URL)))]
    assert found == [f"{settings.SITE_URL}{shown.path}", f"{settings.SITE_URL}/@lantern"]


def test_a_large_catalog_comes_in_pages(client, channel, monkeypatch) -> None:
    monkeypatch.setattr(addresses, "MAX_ADDRESSES", 2)
    monkeypatch.setattr("footlights.catalog.api.MAX_ADDRESSES", 2)
    for _ in range(3):
        make_title(channel)
    assert len(places_in(client.get("/sitemap.xml"))) == 3
    assert [len(places_in(client.get(f"/sitemap/titles-{page}.xml"))) for page in (1, 2)] == [2, 1]


@pytest.mark.parametrize("path", ["titles-0", "titles-2", "titles-99999999", "people-1"])
def test_a_page_that_is_not_there_is_not_found(client, channel, path) -> None:
    make_title(channel)
    assert client.get(f"/sitemap/{path}.xml").status_code == 404

"""What visitors see of a season: its page, on its channel, on each of its titles, in search."""

import json
import re

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.monetization.testing import grant, make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def titles(channel):
    return [make_title(channel, name=f"Night {number}", description="It is dark. Very.") for number in (1, 2, 3)]


@pytest.fixture
def season(channel, titles):
    return make_collection(channel, *titles, series="The Lamp", number=1, description="Nights.")


def shown(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_its_page_lists_its_titles_in_order_with_what_each_costs(client, season, titles):
    make_offer(titles[1])
    page = shown(client, season.path)
    assert re.findall(r">(Night \d)</a>", page) == ["Night 1", "Night 2", "Night 3"]
    assert "€4.00" in page
    assert page.count("It is dark.</p>") == 3
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", page)[1])
    assert (data["@type"], data["numberOfEpisodes"], data["episode"][2]["episodeNumber"]) == (
        "CreativeWorkSeason",
        3,
        3,
    )
    assert data["partOfSeries"]["name"] == "The Lamp"


def test_its_titles_and_its_channel_lead_to_it(client, channel, season, titles):
    page = shown(client, titles[1].path)
    assert "Episode 2 of" in page
    assert f'href="{season.path}">The Lamp, Season 1<' in page
    assert '"episodeNumber": 2' in page
    assert season.path in shown(client, channel.path)
    assert season.path in shown(client, "/search?q=lamp")
    assert season.path in shown(client, "/sitemap/collections-1.xml")


def test_a_collection_is_told_as_one(client, channel, titles):
    plain = make_collection(channel, titles[0], kind="collection", name="Short ones")
    assert '"@type": "Collection"' in shown(client, plain.path)
    assert "1 title<" in shown(client, plain.path)
    page = shown(client, titles[0].path)
    assert "Part of" in page
    assert '"isPartOf"' in page


def test_seasons_of_a_series_lead_to_each_other(client, channel, season, titles):
    second = make_collection(channel, titles[0], series="The Lamp", number=2, name="Season 2")
    assert second.path in shown(client, season.path)
    assert f'href="{season.path}" aria-current' not in shown(client, second.path)


def test_a_draft_is_there_for_its_makers_alone(client, creator, channel, titles):
    draft = make_collection(channel, titles[0], state="draft")
    assert client.get(draft.path).status_code == 404
    assert "Episode" not in shown(client, titles[0].path)
    client.force_login(make_person())
    assert client.get(draft.path).status_code == 404
    client.force_login(creator)
    assert "Not public yet" in shown(client, draft.path)
    assert client.get(f"/@{channel.handle}/collections/no-such").status_code == 404


def test_a_season_marks_what_its_reader_has_for_ever(client, channel, titles):
    season = make_collection(channel, *titles)
    for title in titles:
        make_offer(title)
    viewer = make_person()
    grant(viewer, titles[1])
    assert "Yours for ever" not in client.get(season.path).content.decode()
    client.force_login(viewer)
    lines = client.get(season.path).content.decode().split('<li class="episode">')[1:]
    assert ["Yours for ever" in line for line in lines] == [False, True, False]
    assert ["€4.00" in line for line in lines] == [True, False, True]

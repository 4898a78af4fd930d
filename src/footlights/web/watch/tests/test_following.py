"""At the end of an episode the next one is a click away: to watch where it can be, else to get."""

import pytest

from footlights.catalog.testing import make_collection, make_title
from footlights.kernel.clock import now
from footlights.monetization.testing import grant
from footlights.web.watch.following import following_of

pytestmark = pytest.mark.media


def page(client, title) -> str:
    return client.get(f"{title.path}/watch").content.decode()


@pytest.fixture
def season(house):
    last = make_title(house.channel, name="The Shore")
    draft = make_title(house.channel, name="The Draft", state="draft")
    return make_collection(house.channel, house.sold, draft, house.free, last, series="Water")


def test_the_next_episode_is_offered_to_watch(client, house, season):
    client.force_login(house.viewer)
    shown = page(client, house.sold)
    assert shown.count(f'href="{house.free.path}/watch?autoplay=1"') == 2  # below the player, and over its last picture
    assert "Next episode" in shown
    assert "3. The Ferry" in shown
    assert f'href="{season.path}">Water, Season 1<' in shown


def test_what_one_has_to_get_first_leads_to_its_page(client, house, season):
    client.force_login(house.viewer)
    shown = page(client, house.free)
    assert "Get the next:" in shown
    last = following_of(house.free, house.viewer.id, now())
    assert (last.plays, last.href) == (False, last.episode.title.path)
    grant(house.viewer, last.episode.title)
    assert following_of(house.free, house.viewer.id, now()).plays


def test_after_the_last_and_outside_of_seasons_nothing_follows(house, season):
    last = following_of(house.free, None, now()).episode.title
    assert following_of(last, house.viewer.id, now()) is None
    alone = make_title(house.channel)
    make_collection(house.channel, alone, house.free, kind="collection")
    assert following_of(alone, house.viewer.id, now()) is None

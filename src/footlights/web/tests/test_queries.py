"""What a page asks the database does not grow with what there is, nor beyond a dozen, with nothing kept in the process.

`footlights bench weight` counts the same with 50 and with 500 titles.
"""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person, signed_in
from footlights.catalog.api import get_channel
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.ids import new_token
from footlights.kernel.shared import forget_everything
from footlights.media import models
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import make_offer

MOST = 12


@pytest.fixture
def ask(db):
    client = signed_in(make_person())

    def count(path: str) -> int:
        forget_everything()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    return count


@pytest.fixture
def titles(db):
    """A channel's, in three categories, each with a poster and a price; the first a film that is free."""
    creator = make_person()
    channel = make_channel(creator)
    film = make_title(channel, asset_id=make_ready_asset(creator.pk).id, poster_id=_poster(creator))
    titles = [
        make_title(channel, category=("film", "nature", "art")[n % 3], poster_id=_poster(creator)) for n in range(16)
    ]
    make_offer(film, "free")
    for title in titles:
        make_offer(title, "rent")
        make_offer(title, "buy")
    return [film, *titles]


def test_a_page_asks_at_most_a_dozen_times(titles, ask):
    film, title = titles[0], titles[1]
    paths = ("/", title.path, f"{film.path}/watch", f"/@{film.channel_handle}", "/browse/nature", "/search?q=work")
    assert {path: count for path in paths if (count := ask(path)) > MOST} == {}
    for _each in range(10):
        make_title(get_channel(film.channel_id), poster_id=title.poster.id)
    assert ask(f"/@{film.channel_handle}") <= MOST  # also once it has a second page


def test_a_full_page_asks_as_often_as_one_with_a_few(titles, ask):
    channel = get_channel(titles[0].channel_id)
    few = {path: ask(path) for path in ("/", titles[1].path, "/browse/nature")}
    for _each in range(3):
        for title in titles[1:]:
            make_offer(make_title(channel, category=title.category, poster_id=title.poster.id), "rent")
    assert {path: ask(path) for path in few} == few


def _poster(creator) -> UUID:
    return models.Picture.objects.create(
        owner_id=creator.pk, purpose="poster", token=new_token(), width=640, height=360, widths=[640], color="#274060"
    ).pk

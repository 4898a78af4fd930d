"""What a page asks the database does not grow with what there is, nor beyond a dozen, with nothing kept in the process.

`footlights bench weight` counts the same with 50 and with 500 titles.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person, signed_in
from footlights.catalog.api import edit_channel, get_channel
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.kernel.shared import forget_everything
from footlights.live.testing import make_broadcast, send
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
    film = make_title(channel, asset_id=make_ready_asset(creator.pk).id, poster_id=_picture(creator.pk))
    titles = [
        make_title(channel, category=("film", "nature", "art")[n % 3], poster_id=_picture(creator.pk))
        for n in range(16)
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


def test_a_page_asks_no_more_while_something_is_live_and_something_comes(titles, ask):
    channel = get_channel(titles[0].channel_id)
    pictures = {"avatar_id": _picture(channel.owner_id, "avatar"), "banner_id": _picture(channel.owner_id, "banner")}
    edit_channel(channel_id=channel.id, editor_id=channel.owner_id, at=now(), **pictures)
    make_broadcast(channel)
    send(channel)  # on air without a picture of its own
    make_broadcast(channel, starts_at=now() + timedelta(days=1), poster_id=titles[3].poster.id)
    paths = ("/", f"/@{channel.handle}")
    assert {path: count for path in paths if (count := ask(path)) > MOST} == {}


def test_a_full_page_asks_as_often_as_one_with_a_few(titles, ask):
    channel = get_channel(titles[0].channel_id)
    few = {path: ask(path) for path in ("/", titles[1].path, "/browse/nature")}
    for _each in range(3):
        for title in titles[1:]:
            make_offer(make_title(channel, category=title.category, poster_id=title.poster.id), "rent")
    assert {path: ask(path) for path in few} == few


def _picture(owner_id: UUID, purpose: str = "poster") -> UUID:
    return models.Picture.objects.create(
        owner_id=owner_id, purpose=purpose, token=new_token(), width=640, height=360, widths=[640], color="#274060"
    ).pk

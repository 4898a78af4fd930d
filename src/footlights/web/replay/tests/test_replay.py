"""Who reads what a room said beside its recording, and that nobody else does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_channel
from footlights.catalog.testing import make_channel, make_title
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_replay, make_room, make_viewer, said, take
from footlights.kernel.ids import new_id
from footlights.kernel.shared import forget_everything
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import grant, make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person(display_name="Maya")


@pytest.fixture
def channel(creator):
    return make_channel(creator)


def talked_about(title):
    """Beside it "Good evening", which Vera said as it began."""
    room = make_room(get_channel(title.channel_id))
    take(
        said(room, make_viewer(room, make_person(display_name="Vera")), Kind.SAY, text="<b>Good evening</b>"), at=BEGAN
    )
    make_replay(room, title.id)


@pytest.fixture
def recording(channel):
    """For sale, and talked about."""
    title = make_title(channel)
    make_offer(title, "buy")
    talked_about(title)
    return title


@pytest.fixture
def film(channel, creator):
    """A free one, which really plays."""
    title = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    make_offer(title, "free")
    return title


@pytest.fixture
def viewer(recording):
    person = make_person()
    grant(person, recording, "buy")
    return person


def signed_in(person):
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def addresses(title):
    return [f"/replay/{title.id}", f"/replay/{title.id}/0"]


def test_whoever_may_watch_the_recording_reads_what_was_said(recording, viewer, creator):
    for person in (viewer, creator):
        whole, piece = (signed_in(person).get(address) for address in addresses(recording))
        assert whole.json() == {"piece_ms": 30_000, "pieces": [1, 0, 0], "peaks": []}
        assert piece.json() == [{"t": 0, "name": "Vera", "text": "<b>Good evening</b>"}]
        assert piece.headers["Cache-Control"] == "private, max-age=60"


def test_a_stranger_learns_nothing_and_neither_does_a_visitor_or_a_creator_of_elsewhere(recording):
    elsewhere = make_person()
    make_channel(elsewhere)
    for client in (Client(), signed_in(make_person()), signed_in(elsewhere)):
        for address in addresses(recording):
            answer = client.get(address)
            assert answer.status_code == 404
            assert b"Good evening" not in answer.content


def test_what_has_no_conversation_has_none(channel, recording, viewer):
    other = make_title(channel)
    make_offer(other, "free")
    client = signed_in(viewer)
    for address in (*addresses(other), f"/replay/{new_id()}", f"/replay/{recording.id}/3"):
        assert client.get(address).status_code == 404


def shows_panel(client, title):
    page = client.get(f"{title.path}/watch")
    return f'data-whole="/replay/{title.id}"' in page.content.decode()


@pytest.mark.media
def test_the_panel_is_on_the_watch_page_of_what_was_talked_about_and_on_no_other(film):
    assert Client().get(f"{film.path}/watch").status_code == 200
    assert not shows_panel(Client(), film)
    talked_about(film)
    assert shows_panel(Client(), film)
    assert b"/replay/" not in Client().get(f"/embed/{film.id}").content


@pytest.mark.media
def test_where_nobody_said_anything_there_is_no_empty_panel(channel, film):
    make_replay(make_room(channel), film.id)
    assert Client().get(f"/replay/{film.id}").status_code == 404
    assert not shows_panel(Client(), film)


@pytest.mark.media
def test_the_watch_page_asks_a_dozen_times_at_most_with_the_panel_too(film):
    talked_about(film)
    client = signed_in(make_person())
    forget_everything()
    with CaptureQueriesContext(connection) as captured:
        assert shows_panel(client, film)
    assert len(captured) <= 12

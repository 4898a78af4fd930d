"""Who reads what a room said beside its recording and votes in its polls, and that nobody else does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.audit.api import list_records_of_channel
from footlights.catalog.api import get_channel
from footlights.catalog.testing import join_team, make_channel, make_title
from footlights.engagement.api import close_room, find_replay, get_room
from footlights.engagement.mood.models import MoodRow
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_replay, make_room, make_viewer, said, take, told
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
        course = {"length_ms": 90_000, "piece_ms": 30_000, "pieces": [1, 0, 0], "peaks": []}
        assert whole.json() == {"course": course, "questions": [], "polls": [], "mine": {}}
        [line] = piece.json()
        assert {**line, "id": ""} == {"id": "", "t": 0, "name": "Vera", "text": "<b>Good evening</b>"}
        assert piece.headers["Cache-Control"] == "private, max-age=15"


def test_a_stranger_learns_nothing_and_neither_does_a_visitor_or_a_creator_of_elsewhere(recording):
    elsewhere = make_person()
    make_channel(elsewhere)
    for client in (Client(), signed_in(make_person()), signed_in(elsewhere)):
        for address in addresses(recording):
            answer = client.get(address)
            assert answer.status_code == 404
            assert b"Good evening" not in answer.content


def test_the_mood_is_for_those_who_look_after_the_room(channel, recording, viewer, creator):
    moderator, editor = make_person(), make_person()
    join_team(channel, moderator, Role.MODERATOR)
    join_team(channel, editor, Role.EDITOR)
    MoodRow.objects.create(room_id=find_replay(recording.id).room_id, at=BEGAN, people=9, warm=9)
    for person in (creator, moderator):
        [felt] = signed_in(person).get(f"/replay/{recording.id}/mood").json()
        assert (felt["t"], felt["people"]) == (10_000, 9)
    for person in (editor, viewer, make_person()):
        assert signed_in(person).get(f"/replay/{recording.id}/mood").status_code == 404


def test_who_looks_after_the_room_takes_a_message_out_and_nobody_else_does(channel, recording, viewer, creator):
    moderator, editor = make_person(), make_person()
    join_team(channel, moderator, Role.MODERATOR)
    join_team(channel, editor, Role.EDITOR)
    room = get_room(find_replay(recording.id).room_id)
    take(said(room, make_viewer(room, viewer), Kind.SAY, text="More"), at=BEGAN + timedelta(seconds=1))
    [line, _more] = signed_in(viewer).get(f"/replay/{recording.id}/0").json()
    address, sent = f"/replay/{recording.id}/taken-out", {"message": line["id"]}
    for client in (signed_in(viewer), signed_in(editor), signed_in(make_person())):
        assert client.post(address, sent).status_code == 404
    assert Client().post(address, sent).status_code == 302  # to sign in first
    for other in ({}, {"message": "x"}, {"message": new_id()}):
        assert signed_in(moderator).post(address, other).status_code == 404
    for _twice in range(2):
        assert signed_in(moderator).post(address, sent).status_code == 200
    told_of = [each for each in list_records_of_channel(channel.id, limit=9) if each.act == "message.hidden"]
    assert [each.actor_id for each in told_of] == [moderator.pk]
    forget_everything()
    assert [each["text"] for each in signed_in(viewer).get(f"/replay/{recording.id}/0").json()] == ["More"]


def test_what_has_no_conversation_has_none(channel, recording, viewer):
    other = make_title(channel)
    make_offer(other, "free")
    client = signed_in(viewer)
    for address in (*addresses(other), f"/replay/{new_id()}", f"/replay/{recording.id}/3"):
        assert client.get(address).status_code == 404


@pytest.fixture
def poll(recording, creator):
    """Asked while it was live; Vera said no."""
    room = get_room(find_replay(recording.id).room_id)
    maya, vera = make_viewer(room, creator), make_viewer(room, make_person())
    [change] = told(
        take(said(room, maya, Kind.STAFF, act="open-poll", question="Again?", choices=["Yes", "No"]), at=BEGAN)
    )
    poll_id = change["polls"][0]["id"]
    take(said(room, vera, Kind.VOTE, poll=poll_id, choices=[1]), at=BEGAN)
    close_room(room_id=room.id, by_id=None, at=BEGAN + timedelta(minutes=1))
    return poll_id


def vote(client, title, poll, *choices):
    return client.post(f"/replay/{title.id}/votes", {"poll": poll, "choice": choices})


def test_whoever_may_watch_votes_once_and_it_is_tallied_apart(recording, viewer, poll):
    client = signed_in(viewer)
    assert client.get(f"/replay/{recording.id}").json()["mine"] == {}
    for _twice in range(2):
        answer = vote(client, recording, poll, 0).json()
        assert (answer["counts"], answer["since_counts"], answer["since_voters"]) == ([0, 1], [1, 0], 1)
    refused = vote(client, recording, poll, 1)
    assert (refused.status_code, refused.json()) == (400, {"code": "voted"})
    forget_everything()
    whole = client.get(f"/replay/{recording.id}").json()
    assert whole["mine"] == {poll: [0]}
    assert (whole["polls"][0]["since_counts"], whole["polls"][0]["counts"]) == ([1, 0], [0, 1])


def test_nobody_else_votes(recording, viewer, poll):
    for client in (Client(), signed_in(make_person())):
        assert vote(client, recording, poll, 0).status_code == 404
    make_offer(recording, "free")
    forget_everything()
    assert vote(Client(), recording, poll, 0).json() == {"code": "guest"}
    for choices in ((), ("x",), ("-1",), ("2",), ("0", "1"), ("9" * 30,)):
        assert vote(signed_in(viewer), recording, poll, *choices).json() == {"code": "choice"}
    assert vote(signed_in(viewer), recording, new_id(), 0).json() == {"code": "gone"}
    forging = Client(enforce_csrf_checks=True)
    forging.force_login(viewer)
    assert vote(forging, recording, poll, 0).status_code == 403
    assert signed_in(viewer).get(f"/replay/{recording.id}").json()["polls"][0]["since_voters"] == 0


def shows_panel(client, title):
    page = client.get(f"{title.path}/watch")
    return f'data-whole="/replay/{title.id}"' in page.content.decode()


@pytest.mark.media
def test_the_panel_is_on_the_watch_page_of_what_was_talked_about_and_on_no_other(film, creator):
    assert Client().get(f"{film.path}/watch").status_code == 200
    assert not shows_panel(Client(), film)
    talked_about(film)
    assert shows_panel(Client(), film)
    address = f"/replay/{film.id}/mood"
    assert address in signed_in(creator).get(f"{film.path}/watch").content.decode()
    assert address not in signed_in(make_person()).get(f"{film.path}/watch").content.decode()
    assert b"/replay/" not in Client().get(f"/embed/{film.id}").content


@pytest.mark.media
def test_where_nobody_said_anything_there_is_no_empty_panel(channel, film):
    make_replay(make_room(channel), film.id)
    assert Client().get(f"/replay/{film.id}").status_code == 404
    assert not shows_panel(Client(), film)


@pytest.mark.media
def test_the_watch_page_asks_a_dozen_times_at_most_with_the_panel_too(film, creator):
    talked_about(film)
    for person in (make_person(), creator):
        client = signed_in(person)
        forget_everything()
        with CaptureQueriesContext(connection) as captured:
            assert shows_panel(client, film)
        assert len(captured) <= 12

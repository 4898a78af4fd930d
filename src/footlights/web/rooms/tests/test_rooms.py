"""Who comes into a room, and what they may do there."""

import base64
import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import join_team, make_channel
from footlights.engagement.api import LINGER, close_room, find_room, list_prepared, open_room, word_list
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import make_ban, make_viewer, said, take
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.testing import run_jobs
from footlights.live.api import end_broadcast
from footlights.live.testing import make_broadcast, send
from footlights.monetization.api import grant_membership
from footlights.web.rooms.device import COOKIE
from footlights.web.rooms.subjects import room_beside, subject_of_channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person(display_name="Maya")


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def room(channel):
    return open_room(subject=subject_of_channel(channel.id), channel_id=channel.id, by_id=None, at=now())


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def enter(client, room):
    return client.post(f"/rooms/{room.id}/entry")


def may_publish(answer):
    """The kinds that the token names."""
    body = answer.json()["token"].split(".")[1]
    allowed = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["nats"]["pub"]["allow"]
    return {subject.split(".")[2] for subject in allowed}


def test_a_guest_reacts_a_person_speaks_and_staff_look_after_the_room(room, channel, creator):
    moderator, editor = make_person(), make_person()
    join_team(channel, moderator, Role.MODERATOR)
    join_team(channel, editor, Role.EDITOR)
    everything = {"react", "whole", "say", "vote", "ask", "raise"}
    assert may_publish(enter(Client(), room)) == {"react", "whole"}
    assert may_publish(enter(signed_in(make_person()), room)) == everything
    assert may_publish(enter(signed_in(editor), room)) == everything
    for each in (moderator, creator):
        assert may_publish(enter(signed_in(each), room)) == everything | {"staff"}


def test_a_guest_is_the_same_when_they_come_again_and_another_is_not(room):
    guest = Client()
    first, again, other = enter(guest, room).json(), enter(guest, room).json(), enter(Client(), room).json()
    assert first["viewer_id"] == again["viewer_id"] != other["viewer_id"]


def test_another_website_brings_nobody_in(room):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person())
    assert enter(client, room).status_code == 403


def test_who_is_banned_is_told_so_and_reads_no_more_tokens(room, channel):
    person = make_person()
    make_ban(channel, person)
    answer = enter(signed_in(person), room)
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")


def test_a_closed_room_and_one_about_something_else_are_not_there(room, channel, creator):
    other = open_room(subject=f"secret:{new_id()}", channel_id=channel.id, by_id=None, at=now())
    close_room(room_id=room.id, by_id=creator.id, at=now())
    for each in (room.id, other.id, new_id()):
        for client in (Client(), signed_in(creator)):
            assert client.post(f"/rooms/{each}/entry").status_code == 404
            assert client.get(f"/rooms/{each}/state").status_code == 404
    page = Client().get(f"/room/@{channel.handle}")
    assert page.status_code == 404
    assert "The room is closed" in page.content.decode()


def test_beside_a_broadcast_are_those_who_may_watch_it_until_a_little_after_its_end(channel, creator):
    broadcast, member = make_broadcast(channel, tier=1, starts_by_itself=True), make_person()
    at = now()
    grant_membership(viewer_id=member.pk, channel_id=channel.id, tier=1, until=at + timedelta(days=1), cause="t", at=at)
    room, address = room_beside(broadcast), f"/live/{broadcast.token}"
    assert (room_beside(broadcast).id, room.channel_id) == (room.id, channel.id)
    for client, status in ((signed_in(member), 200), (signed_in(creator), 200), (Client(), 404)):
        assert enter(client, room).status_code == status
        assert client.get(f"/rooms/{room.id}/state").status_code == status
        assert ('data-island="room"' in client.get(address).content.decode()) == (status == 200)
    send(channel)
    end_broadcast(broadcast_id=broadcast.id, editor_id=creator.id, at=at)
    run_jobs(only="engagement.")
    assert enter(signed_in(member), room).status_code == 200  # for goodbyes
    run_jobs(until=at + LINGER, only="engagement.")
    assert not find_room(room.subject).is_open
    assert 'data-island="room"' not in signed_in(member).get(address).content.decode()


def test_no_room_opens_for_a_broadcast_that_is_over(channel, creator):
    broadcast = make_broadcast(channel)
    assert room_beside(end_broadcast(broadcast_id=broadcast.id, editor_id=creator.id, at=now())) is None


def test_what_was_said_is_there_for_late_comers_and_names_no_account(room):
    person = make_person(display_name="Vera")
    take(said(room, make_viewer(room, person), Kind.SAY, text="<b>Good evening</b>"))
    whole = Client().get(f"/rooms/{room.id}/state")
    assert [(each["name"], each["text"]) for each in whole.json()["said"]] == [("Vera", "<b>Good evening</b>")]
    assert str(person.id) not in whole.content.decode()
    assert person.email not in whole.content.decode()


def test_the_page_has_the_tools_of_staff_for_staff_alone(room, channel, creator):
    address = f"/room/@{channel.handle}"
    guest, viewer, staff = (
        client.get(address).content.decode() for client in (Client(), signed_in(make_person()), signed_in(creator))
    )
    assert "Sign in to join in" in guest
    assert ("room-say" in viewer, "poll-form" in viewer) == (True, False)
    assert "poll-form" in staff
    assert "Join the room" in Client().get(f"/@{channel.handle}").content.decode()


def test_a_moderator_opens_and_closes_the_room_and_lets_people_back(channel):
    moderator, banned = make_person(), make_person(display_name="Sam")
    join_team(channel, moderator, Role.MODERATOR)
    client = signed_in(moderator)
    assert client.post("/studio/room/opened").headers["Location"] == f"/room/@{channel.handle}"
    assert find_room(subject_of_channel(channel.id)).is_open
    ban_id = make_ban(channel, banned)
    assert "Sam" in client.get("/studio/room").content.decode()
    client.post(f"/studio/room/bans/{ban_id}/ended")
    assert "Nobody is banned" in client.get("/studio/room").content.decode()
    client.post("/studio/room/closed")
    assert not find_room(subject_of_channel(channel.id)).is_open


def test_nobody_lets_back_who_was_banned_elsewhere(channel, creator):
    stranger = make_person()
    ban_id = make_ban(make_channel(stranger), make_person())
    signed_in(creator).post(f"/studio/room/bans/{ban_id}/ended")
    assert "Nobody is banned" not in signed_in(stranger).get("/studio/room").content.decode()


def test_an_editor_has_no_room_to_look_after(channel):
    editor = make_person()
    join_team(channel, editor, Role.EDITOR)
    assert signed_in(editor).get("/studio/room").status_code == 404


def ask_back(client, room, text="It was my brother"):
    return client.post(f"/rooms/{room.id}/appeal", {"text": text})


def test_a_ban_holds_for_a_new_account_on_that_browser_which_may_ask_to_come_back(room, channel, creator):
    browser, staff = signed_in(make_person()), signed_in(creator)
    banned, staff_id = (enter(each, room).json()["viewer_id"] for each in (browser, staff))
    take(said(room, UUID(staff_id), Kind.STAFF, act="ban", viewer=banned))
    again = signed_in(make_person())
    again.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert enter(again, room).status_code == 403
    assert [ask_back(each, room).status_code for each in (again, browser, signed_in(make_person()))] == [200, 400, 400]
    assert "It was my brother" in staff.get("/studio/room").content.decode()


def test_a_moderator_prepares_polls_and_says_which_words_wait(channel):
    moderator = make_person()
    join_team(channel, moderator, Role.MODERATOR)
    client = signed_in(moderator)
    poll = {"question": "Which one?", "choices": "a\n\nb", "kind": "quiz", "right": "2"}
    assert "Say which answer" in client.post("/studio/room/polls", {**poll, "right": ""}, follow=True).content.decode()
    page = client.post("/studio/room/polls", poll, follow=True).content.decode()
    assert "Remove Which one?" in page
    [kept] = list_prepared(channel.id)
    assert (kept.choices, kept.right) == (["a", "b"], 1)
    client.post(f"/studio/room/polls/{kept.id}/dropped")
    client.post("/studio/room/words", {"words": "spoiler", "language": ["de"]})
    assert (list_prepared(channel.id), word_list(channel.id).own) == ([], ["spoiler"])
    assert "spoiler" in client.get("/studio/room").content.decode()

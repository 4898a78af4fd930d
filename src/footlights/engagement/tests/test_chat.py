from datetime import timedelta

import pytest

from footlights.audit.api import list_records_of_channel
from footlights.engagement.errors import BannedError
from footlights.engagement.models import MessageRow, RoomRow
from footlights.engagement.operations.enter_room import Came, enter_room
from footlights.engagement.queries import revoked_users, snapshot
from footlights.engagement.records import Said
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import make_room, make_viewer, refusals, said, take, told
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id


def say(cast, viewer_id=None, text="Good evening", **more):
    return said(cast.room, viewer_id or cast.viewer_id, Kind.SAY, text=text, **more)


def staff(cast, act, viewer_id=None, **more):
    return said(cast.room, viewer_id or cast.moderator_id, Kind.STAFF, act=act, **more)


def rules(cast, viewer_id=None, **more):
    usual = {"slow_s": 0, "speakers": "everybody", "links": "refused", "review": "nobodys"}
    return staff(cast, "rules", viewer_id, **usual | more)


def test_what_is_said_is_told_by_name_and_without_who_they_are(cast):
    [change] = told(take(say(cast), say(cast, cast.creator_id, "Welcome!")))
    assert [(each["name"], each.get("staff", False), each["text"]) for each in change["said"]] == [
        ("Vera", False, "Good evening"),
        ("Maya", True, "Welcome!"),
    ]
    assert str(cast.viewer.id) not in str(change)
    assert change["v"] == 1


def test_said_twice_is_said_once(cast):
    words = say(cast)
    first, again = take(words, words), take(words)
    assert refusals(first) + refusals(again) == ["", "", ""]
    assert again.changes == []
    assert MessageRow.objects.count() == 1


def test_a_guest_and_somebody_of_another_room_say_nothing(cast):
    elsewhere = make_viewer(make_room(cast.channel), cast.viewer)
    assert refusals(take(say(cast, new_id()), say(cast, elsewhere))) == ["guest", "guest"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"key":"abcdefgh"}', b'{"key":"abcdefgh","text":7}', b"\xff", b'{"key":"x","text":"y"}']
)
def test_what_cannot_be_read_is_answered_and_costs_the_others_nothing(cast, body):
    outcome = take(Said(cast.room.id, Kind.SAY, cast.viewer_id, body), say(cast))
    assert sorted(refusals(outcome)) == ["", "unreadable"]


def test_one_that_breaks_costs_the_others_nothing(cast):
    assert sorted(refusals(take(say(cast), say(cast, text="a\x00b")))) == ["", ""]
    broken = rules(cast, slow_s=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("footlights.engagement.operations.act.record", lambda **_: 1 / 0)
        assert sorted(refusals(take(say(cast), broken))) == ["", "broken"]
    assert RoomRow.objects.get().slow_s == 0


def test_slow_mode_lets_each_speak_once_in_that_time_and_staff_always(cast):
    at = now()
    assert refusals(take(rules(cast, slow_s=30), at=at)) == [""]
    assert refusals(take(say(cast), say(cast), say(cast, cast.creator_id), say(cast, cast.creator_id), at=at)) == [
        "",
        "slow",
        "",
        "",
    ]
    assert refusals(take(say(cast), at=at + timedelta(seconds=29))) == ["slow"]
    assert refusals(take(say(cast), at=at + timedelta(seconds=31))) == [""]


def test_what_is_hidden_is_gone_for_late_comers_and_the_trail_knows_who_did_it(cast):
    [change] = told(take(say(cast, text="rude")))
    [told_hidden] = told(take(staff(cast, "hide", message=change["said"][0]["id"])))
    assert told_hidden["hidden"] == [change["said"][0]["id"]]
    assert snapshot(cast.room.id).said == []
    [record, *_] = list_records_of_channel(cast.channel.id, limit=1)
    assert (record.act, record.actor_id) == ("message.hidden", cast.moderator.id)


def test_who_is_silenced_is_heard_again_after_that_time(cast):
    at = now()
    take(staff(cast, "silence", viewer=cast.viewer_id, seconds=60), at=at)
    assert refusals(take(say(cast), at=at + timedelta(seconds=59))) == ["silent"]
    assert refusals(take(say(cast), at=at + timedelta(seconds=61))) == [""]


def test_who_is_banned_is_put_out_of_every_room_of_the_channel_and_what_they_said_with_them(cast):
    take(say(cast, text="spam"))
    outcome = take(staff(cast, "ban", viewer=cast.viewer_id), say(cast, text="more"))
    assert refusals(outcome) == ["", "banned"]
    assert outcome.is_anybody_expelled
    assert snapshot(cast.room.id).said == []
    assert len(revoked_users(now())) == 1
    for room in (cast.room, make_room(cast.channel)):
        with pytest.raises(BannedError):
            enter_room(room, person_id=cast.viewer.id, came=Came("b"), at=now())


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("rules", {"slow_s": 30, "speakers": "members", "links": "shown", "review": "nobodys"}),
        ("show", {"message": new_id()}),
        ("pin", {"message": None}),
        ("hide", {"message": new_id()}),
        ("ban", {"viewer": new_id()}),
        ("silence", {"viewer": new_id(), "seconds": 60}),
        ("open-poll", {"question": "?", "choices": ["a", "b"]}),
        ("close-poll", {"poll": new_id()}),
        ("answering", {"question": new_id()}),
        ("answered", {"question": new_id()}),
        ("hide-question", {"question": new_id()}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_viewer_may_do_nothing_that_staff_do(cast, act, more):
    assert refusals(take(staff(cast, act, cast.viewer_id, **more))) == ["staff"]


def test_staff_do_not_ban_each_other_and_nothing_of_another_room_is_theirs(cast):
    other = make_room(cast.channel)
    elsewhere = make_viewer(other, cast.stranger)
    [change] = told(take(said(other, elsewhere, Kind.SAY, text="hello")))
    assert refusals(
        take(
            staff(cast, "ban", viewer=cast.creator_id),
            staff(cast, "ban", viewer=elsewhere),
            staff(cast, "hide", message=change["said"][0]["id"]),
        )
    ) == ["colleague", "gone", "gone"]


def test_links_are_refused_from_viewers(cast):
    assert refusals(take(say(cast, text="https://x.example"), say(cast, cast.moderator_id, "https://x.example"))) == [
        "link",
        "",
    ]


def test_entering_twice_is_being_there_once_and_staff_may_do_more(cast):
    person = cast.stranger
    first, again = (enter_room(cast.room, person_id=person.id, came=Came("b"), at=now()) for _each in range(2))
    assert first.viewer_id == again.viewer_id == cast.stranger_id
    assert not first.is_staff
    assert enter_room(cast.room, person_id=cast.moderator.id, came=Came("b"), at=now()).is_staff


def test_a_guest_is_known_by_their_browser_and_kept_nowhere(cast):
    first, again, other = (enter_room(cast.room, person_id=None, came=Came(each), at=now()) for each in ("a", "a", "b"))
    assert first.viewer_id == again.viewer_id != other.viewer_id
    assert not first.may_speak

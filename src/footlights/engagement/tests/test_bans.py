"""A ban outlives a new account, and whoever it meets may ask to be let back."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.engagement.api import appeal, let_back, list_bans
from footlights.engagement.errors import BannedError, RefusedError
from footlights.engagement.operations.enter_room import Came, enter_room
from footlights.engagement.policies import APPEAL_LENGTH_MAX, NEAR_BAN
from footlights.engagement.testing import came, make_room, take
from footlights.engagement.tests.test_chat import say, staff
from footlights.kernel.clock import now

AT = now()
THEIRS = came("their browser")


def enter(cast, person, who, at=AT):
    return enter_room(cast.room, person_id=person and person.id, came=who, at=at)


@pytest.fixture
def banned(cast):
    """The viewer, who came with THEIRS and was banned."""
    take(staff(cast, "ban", viewer=enter(cast, cast.viewer, THEIRS).viewer_id), at=AT)
    return cast


def ask(cast, text="Sorry", person=None, who=THEIRS):
    appeal(cast.room, person_id=person and person.id, came=who, text=text, at=AT)


def test_neither_a_new_account_nor_none_helps_on_the_same_device(banned):
    for person in (banned.viewer, make_person(), None):
        with pytest.raises(BannedError):
            enter(banned, person, THEIRS)
    with pytest.raises(BannedError):
        enter(banned, banned.viewer, came())


def test_the_team_and_other_devices_and_other_channels_are_not_meant(banned):
    assert enter(banned, banned.moderator, THEIRS).is_staff
    assert enter(banned, make_person(), came()).may_speak
    elsewhere = make_room(make_channel(make_person()))
    assert enter_room(elsewhere, person_id=None, came=THEIRS, at=AT)


def test_a_new_account_from_the_same_network_waits_until_one_message_was_shown(banned):
    new = enter(banned, make_person(), came())
    held = take(say(banned, new.viewer_id)).desks[0][1].held[0]
    assert held.held_for == "near"
    take(staff(banned, "show", message=held.id))
    assert take(say(banned, new.viewer_id)).desks == []


def test_from_another_network_or_after_some_days_nobody_waits(banned):
    for who, at in (
        (Came("x", "198.51.100.0/24"), AT),
        (came(), AT + NEAR_BAN + timedelta(seconds=1)),
        (Came("y"), AT),
    ):
        entry = enter(banned, make_person(), who, at)
        assert take(say(banned, entry.viewer_id)).desks == []


def test_who_is_banned_asks_once_to_come_back_and_the_team_reads_it(banned):
    ask(banned, "  It was   my brother ", banned.viewer)
    assert [each.appeal for each in list_bans(banned.channel.id)] == ["It was my brother"]
    with pytest.raises(RefusedError, match="appealed"):
        ask(banned, "please")


def test_a_new_account_on_the_device_asks_for_the_ban_it_meets_and_is_let_back_with_it(banned):
    person = make_person()
    ask(banned, person=person)
    [ban] = list_bans(banned.channel.id)
    let_back(ban_id=ban.id, channel_id=banned.channel.id, by_id=banned.creator.id)
    assert enter(banned, person, THEIRS).may_speak


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("x" * (APPEAL_LENGTH_MAX + 1), "long"), ("hello", "gone")])
def test_an_appeal_that_is_none_is_refused(cast, text, code):
    with pytest.raises(RefusedError, match=code):
        ask(cast, text, cast.viewer)

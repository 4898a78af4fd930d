"""A ban outlives a new account, and whoever it meets may ask to be let back."""

from datetime import timedelta

import pytest
from django.db import connection

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.engagement.adapters.tokens import user_name
from footlights.engagement.api import appeal, keep_time, let_back, list_bans, revoked_users
from footlights.engagement.errors import BannedError, RefusedError
from footlights.engagement.models import ViewerRow
from footlights.engagement.operations.enter_room import Came, enter_room
from footlights.engagement.policies import APPEAL_LENGTH_MAX, NEAR_BAN
from footlights.engagement.testing import came, make_room, take
from footlights.engagement.tests.test_chat import say, staff
from footlights.giving.api import NewTip, give_tip
from footlights.giving.testing import open_tips
from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.adapters.sandbox.cards import CARDS
from footlights.payments.api import forget_fingerprints, list_fingerprints
from footlights.payments.operations.note_fingerprint import KEPT, forget_old_fingerprints
from footlights.payments.testing import pay

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


def pays(cast, person, card="known"):
    open_tips(cast.channel)
    new = NewTip(channel_id=cast.channel.id, amount=Money(500, "EUR"))
    pay(card, give_tip(giver_id=person.id, new=new, idempotency_key=new_token(), at=now()).hosted_url)
    run_jobs()


def test_whoever_pays_as_somebody_banned_did_is_kept_out_until_that_one_is_let_back(cast):
    pays(cast, cast.viewer)
    take(staff(cast, "ban", viewer=enter(cast, cast.viewer, THEIRS).viewer_id), at=AT)
    known, other = make_person(), make_person()
    assert enter(cast, known, came()).may_speak
    pays(cast, known)
    pays(cast, other, card="paid")
    assert enter(cast, other, came()).may_speak
    with pytest.raises(BannedError):
        enter(cast, known, came())
    ask(cast, person=known, who=came())
    [ban] = list_bans(cast.channel.id)
    assert (ban.person_id, ban.appeal) == (cast.viewer.id, "Sorry")
    let_back(ban_id=ban.id, channel_id=cast.channel.id, by_id=cast.creator.id)
    assert enter(cast, known, came()).may_speak


def put_out(cast):
    """Whether a room process has to see to somebody now, and whose tokens are void."""
    is_anybody = keep_time(at=now()).is_anybody_expelled
    users, there = revoked_users(now()), ViewerRow.objects.filter(room=cast.room.id)
    return is_anybody, {row.person_id for row in there if user_name(row.room_id, row.pk) in users}


def comes(cast, person, who=None):
    return enter(cast, person, who or came(), now()).viewer_id


def test_whoever_pays_as_somebody_banned_did_is_put_out_at_once_and_the_team_never(cast):
    pays(cast, cast.viewer)
    known, other = make_person(), make_person()
    for person in (known, other, cast.moderator):
        comes(cast, person)
    take(staff(cast, "ban", viewer=comes(cast, cast.viewer)))
    assert put_out(cast) == (False, {cast.viewer.id})
    for person, card in ((known, "known"), (other, "paid"), (cast.moderator, "known")):
        pays(cast, person, card)
    assert put_out(cast) == (True, {cast.viewer.id, known.id})
    assert put_out(cast)[0] is False


def test_a_ban_puts_out_who_is_there_on_the_same_device_and_who_paid_with_what_the_banned_pay_with_later(cast):
    beside, paid = make_person(), make_person()
    pays(cast, paid)
    for person, who in ((beside, THEIRS), (paid, None), (make_person(), None)):
        comes(cast, person, who)
    take(staff(cast, "ban", viewer=comes(cast, cast.viewer, THEIRS)))
    assert put_out(cast) == (True, {cast.viewer.id, beside.id})
    pays(cast, cast.viewer)
    assert put_out(cast) == (True, {cast.viewer.id, beside.id, paid.id})
    [ban] = list_bans(cast.channel.id)
    let_back(ban_id=ban.id, channel_id=cast.channel.id, by_id=cast.creator.id)
    assert put_out(cast) == (False, set())


def test_who_paid_as_somebody_did_is_put_out_when_that_one_is_banned(cast):
    paid = make_person()
    pays(cast, paid)
    pays(cast, cast.viewer)
    comes(cast, paid)
    take(staff(cast, "ban", viewer=comes(cast, cast.viewer)))
    assert put_out(cast) == (True, {cast.viewer.id, paid.id})


def test_what_somebody_pays_with_once_they_are_banned_counts_too_and_no_mark_of_it_can_be_read(banned):
    pays(banned, banned.viewer)
    with connection.cursor() as cursor:
        cursor.execute("select payments_fingerprint::text from payments_fingerprint")
        [[kept]] = cursor.fetchall()
    assert CARDS["known"].number.replace(" ", "") not in kept.replace(" ", "")
    new = make_person()
    pays(banned, new)
    with pytest.raises(BannedError):
        enter(banned, new, came())
    forget_fingerprints(payer_id=new.id)
    assert list_fingerprints(new.id) == []
    assert enter(banned, new, came()).may_speak
    forget_old_fingerprints(at=now() + KEPT + timedelta(days=1))
    assert list_fingerprints(banned.viewer.id) == []


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

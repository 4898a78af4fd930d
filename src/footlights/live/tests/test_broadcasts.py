"""A broadcast from its announcement to its end, as the studio and the ingest see it."""

from datetime import UTC, datetime, timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.errors import NotFoundError
from footlights.live import api as live
from footlights.live.records import Orders, State
from footlights.live.testing import NODE, again, make_broadcast, send
from footlights.monetization.api import grant_membership, take_part

AT = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)


@pytest.fixture
def channel(db):
    return make_channel(make_person())


def beat(broadcast, **changes) -> Orders:
    usual = {"node": NODE, "key_since": "", "is_sending": True, "figures": {}, "problem": "", "at": AT}
    return live.note_beat(broadcast_id=broadcast.id, **(usual | changes))


def go_on_air(broadcast, channel, at=AT):
    return live.go_on_air(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=at)


def end(broadcast, channel, at=AT):
    return live.end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=at)


def test_what_is_sent_is_a_preview_until_the_creator_goes_on_air(channel):
    broadcast = make_broadcast(channel, at=AT)
    with pytest.raises(live.WrongMomentError):  # nothing arrives yet
        go_on_air(broadcast, channel)
    ticket = send(channel, at=AT)
    assert (ticket.broadcast_id, ticket.is_on_air) == (broadcast.id, False)
    assert beat(broadcast).state is State.PLANNED
    go_on_air(broadcast, channel)
    assert go_on_air(broadcast, channel).state is State.ON_AIR  # twice is once
    assert beat(broadcast).state is State.ON_AIR


def test_one_that_starts_by_itself_needs_no_button(channel):
    broadcast = make_broadcast(channel, at=AT, starts_by_itself=True)
    assert send(channel, at=AT).is_on_air
    assert again(broadcast).on_air_at == AT


def test_a_second_broadcast_of_a_channel_waits_for_the_first(channel):
    make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, at=AT)
    other = make_broadcast(channel, at=AT)
    with pytest.raises(live.WrongMomentError):
        go_on_air(other, channel)


def test_a_key_that_is_not_the_channels_opens_nothing(channel):
    make_broadcast(channel, at=AT)
    old = live.get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=AT)
    live.change_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=AT)
    for key in (old, "", "no-such-key"):
        with pytest.raises(live.NotAdmittedError):
            live.admit_sender(stream_key=key, node=NODE, at=AT)


def test_a_key_opens_nothing_while_nothing_is_planned(channel):
    with pytest.raises(live.NotAdmittedError, match="Nothing is planned"):
        send(channel, at=AT)


def test_whoever_sends_with_the_old_key_is_put_out(channel):
    broadcast = make_broadcast(channel, at=AT)
    ticket = send(channel, at=AT)
    assert beat(broadcast, key_since=ticket.key_since).sender_stays
    live.change_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=AT + timedelta(seconds=1))
    assert not beat(broadcast, key_since=ticket.key_since).sender_stays


def test_another_ingest_gets_a_broadcast_only_when_the_first_is_silent(channel):
    broadcast = make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, at=AT)
    with pytest.raises(live.NotAdmittedError, match="already"):
        send(channel, node="another", at=AT + timedelta(seconds=5))
    assert live.take_over(node="another", at=AT + timedelta(seconds=5)) == []
    [ticket] = live.take_over(node="another", at=AT + timedelta(seconds=30))
    assert ticket.broadcast_id == broadcast.id
    with pytest.raises(live.NotAdmittedError):  # the first comes back, and learns that it lost it
        beat(broadcast)
    assert beat(broadcast, node="another").state is State.ON_AIR


def test_an_ingest_that_was_killed_goes_on_with_its_own_at_once(channel):
    broadcast = make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, at=AT)
    assert [each.broadcast_id for each in live.take_over(node=NODE, at=AT)] == [broadcast.id]


def test_the_ingest_hears_of_the_end(channel):
    broadcast = make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, at=AT)
    assert end(broadcast, channel).state is State.ENDED
    assert end(broadcast, channel).ended_at == AT  # twice is once
    assert beat(broadcast).state is State.ENDED
    live.note_closed(broadcast_id=broadcast.id, node=NODE, at=AT)
    assert not again(broadcast).signal.is_sending


def test_one_that_never_was_on_air_is_cancelled(channel):
    broadcast = make_broadcast(channel, at=AT)
    assert end(broadcast, channel).state is State.CANCELLED
    assert beat(broadcast).state is State.ENDED
    with pytest.raises(NotFoundError):
        live.get_broadcast_by_token(broadcast.token, make_person().pk)


def test_what_was_planned_can_change_until_it_is_over(channel):
    broadcast = make_broadcast(channel, at=AT)
    change = {"broadcast_id": broadcast.id, "editor_id": channel.owner_id, "new": live.NewBroadcast("Later"), "at": AT}
    assert live.change_broadcast(**change).name == "Later"
    end(broadcast, channel)
    with pytest.raises(live.WrongMomentError):
        live.change_broadcast(**change)


def test_strangers_do_nothing_with_it(channel):
    broadcast, stranger = make_broadcast(channel, at=AT), make_person().pk
    for act in (live.go_on_air, live.end_broadcast):
        with pytest.raises(NotFoundError):
            act(broadcast_id=broadcast.id, editor_id=stranger, at=AT)
    with pytest.raises(NotFoundError):
        live.get_managed_broadcast(broadcast.id, stranger)
    with pytest.raises(NotFoundError):
        live.change_stream_key(channel_id=channel.id, editor_id=stranger, at=AT)


def test_members_of_its_tier_and_the_team_may_join(channel):
    broadcast, member, visitor = make_broadcast(channel, at=AT, tier=2), make_person().pk, make_person().pk
    until = AT + timedelta(days=1)
    grant_membership(viewer_id=member, channel_id=channel.id, tier=2, until=until, cause="test", at=AT)
    assert live.may_join(broadcast, member, AT)
    assert live.may_join(broadcast, channel.owner_id, AT)
    assert not live.may_join(broadcast, member, until)  # the moment it lasts until is out
    assert not live.may_join(broadcast, visitor, AT)
    assert not live.may_join(broadcast, None, AT)


def test_the_pass_opens_what_is_for_members_while_its_channel_takes_part(channel):
    broadcast, other = (
        make_broadcast(channel, at=AT, tier=1),
        make_broadcast(make_channel(make_person()), at=AT, tier=1),
    )
    holder = make_person().pk
    grant_membership(viewer_id=holder, channel_id=None, tier=9, until=AT + timedelta(days=1), cause="test", at=AT)
    assert not live.may_join(broadcast, holder, AT)
    take_part(channel_id=channel.id, editor_id=channel.owner_id, at=AT)
    assert live.may_join(broadcast, holder, AT)
    assert not live.may_join(other, holder, AT)


def test_what_is_on_air_comes_first_in_the_list(channel):
    soon = make_broadcast(channel, at=AT, starts_at=AT + timedelta(hours=2))
    on_air = make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, at=AT)
    cancelled = make_broadcast(channel, at=AT)
    end(cancelled, channel)
    make_broadcast(channel, at=AT, starts_at=AT + timedelta(days=9), is_listed=False)
    make_broadcast(make_channel(make_person()), at=AT - timedelta(days=2))  # that never began
    assert [each.id for each in live.list_broadcasts(channel.id)][:2] == [on_air.id, soon.id]
    assert [each.id for each in live.list_coming(at=AT)] == [on_air.id, soon.id]
    assert not live.list_coming(at=AT, channel_id=make_channel(make_person()).id)


def test_an_ingest_that_is_gone_loses_its_broadcast_and_one_that_is_heard_keeps_it(channel):
    broadcast = make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, node="first", at=AT)
    with pytest.raises(live.CarriedElsewhereError) as refused:
        send(channel, node="second", gone="third", at=AT)
    assert refused.value.node == "first"
    send(channel, node="second", gone="first", at=AT)
    with pytest.raises(live.NotAdmittedError):  # it was not gone, and reads that it lost the broadcast
        beat(broadcast, node="first")
    with pytest.raises(live.CarriedElsewhereError) as refused:
        send(channel, node="first", gone="first", at=AT)
    assert refused.value.node == "second"

"""What a room said is played again with the recording: in step, and nothing of what was taken out."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from footlights.accounts.models import User
from footlights.engagement.api import course_of, find_replay, lines_in
from footlights.engagement.handlers import play_it_again
from footlights.engagement.models import GivenRow, ReplayRow
from footlights.engagement.operations.keep_time import keep_time
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_replay, said, take, told
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.live.events import Part, RecordingBegun


def after(seconds):
    return BEGAN + timedelta(seconds=seconds)


def say(cast, text, after_s, viewer_id=None, **more):
    """Returns the message's id."""
    outcome = take(said(cast.room, viewer_id or cast.viewer_id, Kind.SAY, text=text, **more), at=after(after_s))
    [change] = told(outcome)
    return change["said"][0]["id"]


def lines(replay, number=0):
    return [(each.t, each.name, each.text) for each in lines_in(replay, number)]


def test_messages_stand_where_they_were_said_and_without_the_gap(cast):
    """Sixty seconds were sent, then nothing for thirty, then thirty more."""
    for after_s, text in ((-600, "Waiting"), (5, "Hello"), (75, "Are you there?"), (100, "Yes"), (900, "Bye")):
        say(cast, text, after_s)
    replay = make_replay(cast.room)
    assert lines(replay, 0) == [(0, "Vera", "Waiting"), (5_000, "Vera", "Hello")]
    assert lines(replay, 1) == []
    assert lines(replay, 2) == [(60_000, "Vera", "Are you there?"), (70_000, "Vera", "Yes"), (89_500, "Vera", "Bye")]
    for number in (-1, 3):
        with pytest.raises(NotFoundError):
            lines_in(replay, number)
    assert course_of(replay).pieces == [2, 0, 3]


def test_what_was_taken_out_or_waits_is_not_played(cast):
    hidden = say(cast, "Spoiler", 3)
    say(cast, "Indeed", 4, cast.stranger_id, answers=hidden)
    take(said(cast.room, cast.moderator_id, Kind.STAFF, act="hide", message=hidden), at=after(5))
    rules = {"slow_s": 0, "speakers": "everybody", "links": "refused", "review": "everybodys"}
    take(said(cast.room, cast.moderator_id, Kind.STAFF, act="rules", **rules), at=after(6))
    take(said(cast.room, cast.viewer_id, Kind.SAY, text="May I?"), at=after(7))
    replay = make_replay(cast.room)
    [line] = lines_in(replay, 0)
    assert (line.text, line.quote) == ("Indeed", None)
    assert course_of(replay).pieces[0] == 1


def test_names_and_badges_are_as_in_the_room_and_lead_to_nobody(cast):
    first = say(cast, "Welcome", 1, cast.moderator_id)
    say(cast, "@Mo thanks", 2, answers=first, mentions=[cast.moderator_id])
    welcome, thanks = lines_in(make_replay(cast.room), 0)
    assert (welcome.name, welcome.staff) == ("Mo", True)
    assert (thanks.quote.name, thanks.mentions) == ("Mo", ["Mo"])
    everything = f"{welcome}{thanks}"
    for each in (cast.viewer, cast.moderator):
        assert str(each.pk) not in everything
        assert each.email not in everything
    for viewer_id in (cast.viewer_id, cast.moderator_id):
        assert str(viewer_id) not in everything


def test_what_somebody_said_goes_with_them(cast):
    """And what is quoted of it; a tip without a name stays, for it never led to anybody."""
    first = say(cast, "My address is 1 Elm Street", 1)
    say(cast, "Careful", 2, cast.stranger_id, answers=first)
    GivenRow.objects.create(
        id=new_id(),
        room_id=cast.room.id,
        amount_minor=500,
        currency="EUR",
        text="For you",
        at=after(3),
        is_settled=True,
    )
    keep_time(at=after(3))
    User.objects.filter(pk=cast.viewer.pk).delete()
    careful, tip = lines_in(make_replay(cast.room), 0)
    assert (careful.text, careful.quote) == ("Careful", None)
    assert (tip.text, tip.tip.value) == ("For you", "5.00")


def test_most_was_said_where_the_curve_is_highest(cast):
    for number in range(30):
        say(cast, f"Before {number}", -100 + number, viewer_id=cast.moderator_id)
    for number in range(8):
        say(cast, f"Now {number}", 41 + number / 10, viewer_id=cast.moderator_id)
    peaks = course_of(make_replay(cast.room)).peaks
    assert peaks.index(100) == 8  # stretches of five seconds
    assert peaks[0] == 0


def test_a_recording_knows_its_room_and_is_told_twice_as_once(cast):
    event = RecordingBegun(new_id(), new_id(), [Part(BEGAN.timestamp(), 0, 1_000)], BEGAN)
    play_it_again(event)
    assert find_replay(event.title_id) is None  # nobody ever came into its room
    room_event = replace(event, broadcast_id=UUID(cast.room.subject.partition(":")[2]))
    for _twice in range(2):
        play_it_again(room_event)
    assert ReplayRow.objects.count() == 1
    found = find_replay(room_event.title_id)
    assert (found.room_id, found.parts, found.is_shown, found.is_silent) == (cast.room.id, event.parts, True, True)
    say(cast, "Hello", 0)
    assert not find_replay(room_event.title_id).is_silent

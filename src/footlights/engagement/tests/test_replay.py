"""What a room said is played again with the recording: in step, and nothing of what was taken out."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from footlights.accounts.models import User
from footlights.accounts.testing import make_person
from footlights.engagement.api import (
    RefusedError,
    close_room,
    course_of,
    find_replay,
    lines_in,
    mood_of,
    polls_of,
    questions_of,
    vote_since,
    votes_since,
)
from footlights.engagement.handlers import play_it_again
from footlights.engagement.models import GivenRow, ReplayRow, VoteRow
from footlights.engagement.mood.models import MoodRow
from footlights.engagement.operations import vote_since as replay_votes
from footlights.engagement.operations.keep_time import keep_time
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_ban, make_replay, said, take, told
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


def test_reactions_make_peaks_too_and_the_mood_stands_along_the_film(cast):
    """Ten seconds of it in the gap, which nobody sees in the film."""
    for after_s, people in ((0, 3), (40, 9), (75, 50), (100, 2)):
        MoodRow.objects.create(room_id=cast.room.id, at=after(after_s), people=people, warm=people)
    replay = make_replay(cast.room)
    assert course_of(replay).peaks.index(100) == 8
    assert [(each.t, each.people) for each in mood_of(replay)] == [(10_000, 3), (50_000, 12), (80_000, 52)]
    assert all(each.low < each.share <= each.high for each in mood_of(replay))


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


def ask_poll(cast, after_s, *, until_s=None, **more):
    """Returns the poll's id."""
    body = {"act": "open-poll", "question": "Again?", "choices": ["Yes", "No"], **more}
    [change] = told(take(said(cast.room, cast.creator_id, Kind.STAFF, **body), at=after(after_s)))
    poll_id = UUID(change["polls"][0]["id"])
    if until_s is not None:
        take(said(cast.room, cast.creator_id, Kind.STAFF, act="close-poll", poll=poll_id), at=after(until_s))
    return poll_id


def test_a_poll_stands_at_its_moment_and_one_that_runs_is_the_rooms(cast):
    first, running = ask_poll(cast, 10, until_s=20), ask_poll(cast, 100)
    replay = make_replay(cast.room)
    assert [(each.id, each.t, each.ends_t) for each in polls_of(replay)] == [(first, 10_000, 20_000)]
    with pytest.raises(RefusedError, match="gone"):
        vote_since(replay, poll_id=running, person_id=cast.viewer.pk, choices=[0], at=after(110))
    close_room(room_id=cast.room.id, by_id=None, at=after(115))
    assert [(each.id, each.ends_t) for each in polls_of(replay)] == [(first, 20_000), (running, 85_000)]


def test_one_vote_a_person_whatever_they_try_and_live_and_since_apart(cast):
    poll_id = ask_poll(cast, 10)
    take(said(cast.room, cast.viewer_id, Kind.VOTE, poll=poll_id, choices=[1]), at=after(11))
    take(said(cast.room, cast.creator_id, Kind.STAFF, act="close-poll", poll=poll_id), at=after(12))
    replay, late = make_replay(cast.room), make_person()

    def vote(person, choice):
        return vote_since(replay, poll_id=poll_id, person_id=person.pk, choices=[choice], at=after(9_000))

    for _twice in range(2):
        told_again = vote(late, 0)
    assert (told_again.counts, told_again.since_counts, told_again.since_voters) == ([0, 1], [1, 0], 1)
    vote(cast.viewer, 1)  # as they did live: nothing more is counted
    for person, choice in ((late, 1), (cast.viewer, 0)):
        with pytest.raises(RefusedError, match="voted"):
            vote(person, choice)
    [poll] = polls_of(replay)
    assert (poll.voters, poll.since_voters) == (1, 1)
    assert (votes_since(replay, late.pk), votes_since(replay, cast.viewer.pk)) == (
        {str(poll_id): [0]},
        {str(poll_id): [1]},
    )
    assert votes_since(replay, cast.stranger.pk) == {}


def test_who_is_banned_from_the_rooms_does_not_vote_either(cast):
    poll_id = ask_poll(cast, 10, until_s=20)
    make_ban(cast.channel, cast.stranger)
    with pytest.raises(RefusedError, match="banned"):
        vote_since(make_replay(cast.room), poll_id=poll_id, person_id=cast.stranger.pk, choices=[0], at=after(9_000))


@pytest.mark.django_db(transaction=True)
def test_many_tabs_at_once_have_one_vote(cast):
    poll_id = ask_poll(cast, 10, until_s=20)
    replay, late = make_replay(cast.room), make_person()

    def vote(choice):
        try:
            vote_since(replay, poll_id=poll_id, person_id=late.pk, choices=[choice], at=after(9_000))
        except RefusedError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(vote, [0, 1, 0, 1]))
    [poll] = polls_of(replay)
    assert sorted(answers) == ["", "", "voted", "voted"]
    assert (poll.since_voters, sum(poll.since_counts)) == (1, 1)


def fall(*_arguments, **_more):
    """As by `kill -9`: nothing of this process runs any more, and nobody rolls back for it."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point, monkeypatch):
    """Let this process die at that point of the next vote: before its row, before the count, before the commit."""
    count = replay_votes._count
    if point == "unwritten":
        monkeypatch.setattr(VoteRow.objects, "get_or_create", fall)
    elif point == "uncounted":
        monkeypatch.setattr(replay_votes, "_count", fall)
    elif point == "uncommitted":
        monkeypatch.setattr(replay_votes, "_count", lambda *given: (count(*given), fall()))


def vote_in_child(vote, persons, dies):
    """A process of its own votes for one after the other, and says so of each once it is answered; then it is killed.

    Returns whose votes were answered, and by which signal it ended.
    """
    connection.close()
    hears, tells = os.pipe()
    if not (pid := os.fork()):
        try:
            with pytest.MonkeyPatch.context() as monkeypatch:
                for person in persons[:-1]:
                    vote(person)
                    os.write(tells, person.pk.bytes)
                die_at(dies, monkeypatch)
                vote(persons[-1])
                fall()  # it is kept, and nobody was answered
        finally:
            os._exit(1)
    os.close(tells)
    with os.fdopen(hears, "rb") as line:
        answered = line.read()
    return [UUID(bytes=answered[at : at + 16]) for at in range(0, len(answered), 16)], os.waitpid(pid, 0)[1]


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_was_answered_is_kept_whenever_its_process_is_killed(cast):
    poll_id, persons = ask_poll(cast, 10, until_s=20), [make_person() for _each in range(12)]
    replay = make_replay(cast.room)

    def vote(person):
        vote_since(replay, poll_id=poll_id, person_id=person.pk, choices=[persons.index(person) % 2], at=after(9_000))

    voted = set()
    for at, dies in enumerate(("unwritten", "uncounted", "uncommitted", "unanswered")):
        theirs = persons[at * 3 : at * 3 + 3]
        answered, ended = vote_in_child(vote, theirs, dies)
        assert (answered, ended) == ([each.pk for each in theirs[:2]], signal.SIGKILL)
        voted |= {*answered, *([theirs[2].pk] if dies == "unanswered" else [])}
        rows = VoteRow.objects.filter(poll_id=poll_id, is_since=True)
        assert set(rows.values_list("viewer__person_id", flat=True)) == voted
        [poll] = polls_of(replay)
        assert (poll.since_voters, sum(poll.since_counts)) == (len(voted), len(voted))
    for person in persons:  # whoever was not answered sends the same again
        vote(person)
    [poll] = polls_of(replay)
    assert (poll.since_voters, poll.since_counts, VoteRow.objects.count()) == (12, [6, 6], 12)


def test_what_was_answered_stands_where_it_was_taken_up(cast):
    texts = ("How long did it take?", "Why?", "Who?")
    [change] = told(take(*(said(cast.room, cast.viewer_id, Kind.ASK, text=text) for text in texts), at=after(1)))
    ids = {each["text"]: each["id"] for each in change["questions"]}
    for after_s, act, text in ((75, "answering", texts[0]), (100, "answered", texts[0]), (110, "answered", texts[1])):
        take(said(cast.room, cast.moderator_id, Kind.STAFF, act=act, question=ids[text]), at=after(after_s))
    replay = make_replay(cast.room)
    told_again = [(each.t, each.ends_t, each.name, each.text) for each in questions_of(replay)]
    assert told_again == [(60_000, 70_000, "Vera", texts[0]), (80_000, 89_500, "Vera", texts[1])]
    User.objects.filter(pk=cast.viewer.pk).delete()
    assert questions_of(replay) == []

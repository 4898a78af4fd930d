import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footlights.accounts.testing import make_person
from footlights.engagement.api import PollKind, RefusedError, drop_prepared, keep_time, list_prepared, prepare_poll
from footlights.engagement.models import PollRow, RaiseRow, VoteRow
from footlights.engagement.operations.enter_room import Came, enter_room
from footlights.engagement.queries import snapshot
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import came, make_viewer, refusals, said, take, told
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id


def open_poll(cast, **more):
    words = {"question": "Another song?", "choices": ["Yes", "No", "Later"], **more}
    [change] = told(take(said(cast.room, cast.creator_id, Kind.STAFF, act="open-poll", **words)))
    return change["polls"][0]["id"]


def vote(cast, poll, *choices, viewer_id=None, **more):
    return said(cast.room, viewer_id or cast.viewer_id, Kind.VOTE, poll=poll, choices=list(choices), **more)


def close(cast, poll):
    return said(cast.room, cast.creator_id, Kind.STAFF, act="close-poll", poll=poll)


def test_each_vote_counts_once_whatever_one_sends(cast):
    poll = open_poll(cast)
    assert refusals(take(vote(cast, poll, 0), vote(cast, poll, 0), vote(cast, poll, 1))) == ["", "", "voted"]
    [change] = told(take(vote(cast, poll, 1, viewer_id=cast.stranger_id)))
    assert (change["polls"][0]["counts"], change["polls"][0]["voters"]) == ([1, 1, 0], 2)
    assert refusals(take(vote(cast, poll, 2))) == ["voted"]


@pytest.mark.django_db(transaction=True)
def test_votes_at_once_from_many_tabs_are_one(cast):
    poll = open_poll(cast)

    def tab():
        take(*(vote(cast, poll, choice % 3) for choice in range(6)))
        connection.close()

    tabs = [threading.Thread(target=tab) for _each in range(4)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    row = PollRow.objects.get()
    assert (sum(row.counts), row.voters, VoteRow.objects.count()) == (1, 1, 1)


def test_the_database_itself_keeps_a_second_vote_out(cast):
    poll = open_poll(cast)
    take(vote(cast, poll, 0))
    with pytest.raises(IntegrityError), transaction.atomic():
        VoteRow.objects.create(poll_id=poll, viewer_id=cast.viewer_id, choices=[1], at=now())


def test_after_the_close_nobody_votes_and_who_had_is_told_the_same(cast):
    poll = open_poll(cast)
    early = vote(cast, poll, 0)
    outcome = take(early, close(cast, poll), vote(cast, poll, 1, viewer_id=cast.stranger_id), early)
    assert refusals(outcome) == ["", "", "closed", ""]
    assert snapshot(cast.room.id).polls[0].counts == [1, 0, 0]
    assert refusals(take(close(cast, poll))) == [""]


def test_a_result_that_is_kept_until_the_end_is_told_at_the_end(cast):
    poll = open_poll(cast, is_result_live=False)
    [during] = told(take(vote(cast, poll, 2)))
    [after] = told(take(close(cast, poll)))
    assert (during["polls"][0]["counts"], during["polls"][0]["voters"]) == (None, 1)
    assert after["polls"][0]["counts"] == [0, 0, 1]


def test_of_a_multiple_poll_one_takes_several(cast):
    poll = open_poll(cast, kind="multiple")
    [change] = told(take(vote(cast, poll, 2, 0)))
    assert (change["polls"][0]["counts"], change["polls"][0]["voters"]) == ([1, 0, 1], 1)
    assert refusals(take(vote(cast, poll, 0, 2), vote(cast, poll, 7, viewer_id=cast.stranger_id))) == ["", "choice"]


def test_one_poll_at_a_time_and_opened_twice_is_opened_once(cast):
    words = {"act": "open-poll", "question": "Which?", "choices": ["a", "b"]}
    opening = said(cast.room, cast.moderator_id, Kind.STAFF, **words)
    assert refusals(take(opening, opening)) == ["", ""]
    assert refusals(take(said(cast.room, cast.moderator_id, Kind.STAFF, **words))) == ["open"]
    same = {**words, "choices": ["a", " a "]}
    assert refusals(take(said(cast.room, cast.moderator_id, Kind.STAFF, **same))) == ["same"]


def test_a_poll_of_another_room_takes_no_vote(cast):
    poll = open_poll(cast)
    from footlights.engagement.testing import make_room

    other = make_room(cast.channel)
    viewer_id = make_viewer(other, cast.viewer)
    assert refusals(take(said(other, viewer_id, Kind.VOTE, poll=poll, choices=[0]))) == ["gone"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=20), st.integers(1, 5))
def test_the_tally_is_the_votes_however_they_come_in(cast, votes, at_once):
    with transaction.atomic():
        PollRow.objects.all().delete()
        poll = open_poll(cast)
        viewers = [cast.creator_id, cast.moderator_id, cast.viewer_id, cast.stranger_id]
        sent = [vote(cast, poll, choice, viewer_id=viewers[who]) for who, choice in votes]
        for first in range(0, len(sent), at_once):
            take(*sent[first : first + at_once])
        first_of = {}
        for who, choice in votes:
            first_of.setdefault(who, choice)
        expected = [list(first_of.values()).count(choice) for choice in range(3)]
        assert PollRow.objects.get().counts == expected


# Questions.


def ask(cast, text="How long did it take?", viewer_id=None, **more):
    return said(cast.room, viewer_id or cast.viewer_id, Kind.ASK, text=text, **more)


def asked(cast, **more):
    [change] = told(take(ask(cast, **more)))
    return change["questions"][0]["id"]


def raised(cast, question, viewer_id):
    return said(cast.room, viewer_id, Kind.RAISE, question=question)


def staff(cast, act, **more):
    return said(cast.room, cast.moderator_id, Kind.STAFF, act=act, **more)


def test_the_most_wanted_question_comes_first_and_each_wants_it_once(cast):
    first, second = asked(cast), asked(cast, text="And why?")
    assert refusals(take(*(raised(cast, second, cast.stranger_id) for _each in range(3)))) == ["", "", ""]
    assert [(str(each.id), each.raised) for each in snapshot(cast.room.id).questions] == [(second, 1), (first, 0)]
    assert RaiseRow.objects.count() == 1


def test_one_question_is_being_answered_and_the_next_one_ends_it(cast):
    first, second = asked(cast), asked(cast, text="And why?")
    take(staff(cast, "answering", question=first), at=now())
    [change] = told(take(staff(cast, "answering", question=second), at=now() + timedelta(seconds=1)))
    assert {each["id"]: each["state"] for each in change["questions"]} == {first: "answered", second: "answering"}
    take(staff(cast, "answered", question=second))
    assert [each.state for each in snapshot(cast.room.id).questions] == ["answered", "answered"]
    assert refusals(take(raised(cast, first, cast.stranger_id))) == ["gone"]


def test_a_hidden_question_tells_nothing_any_more(cast):
    question = asked(cast, text="rude")
    [change] = told(take(staff(cast, "hide-question", question=question)))
    assert (change["questions"][0]["state"], change["questions"][0]["text"]) == ("hidden", "")
    assert snapshot(cast.room.id).questions == []


def test_one_person_has_three_questions_waiting_and_no_more(cast):
    assert refusals(take(*(ask(cast, f"Question {n}") for n in range(4)))) == ["", "", "", "many"]


def test_what_one_voted_and_wanted_is_theirs_again_when_they_come_back(cast):
    poll, question = open_poll(cast), asked(cast)
    person = make_person()
    viewer_id = make_viewer(cast.room, person)
    take(vote(cast, poll, 1, viewer_id=viewer_id), raised(cast, question, viewer_id))
    mine = enter_room(cast.room, person_id=person.id, came=Came("b"), at=now()).mine
    assert (mine.votes, [str(each) for each in mine.raised]) == ({poll: [1]}, [question])


def test_the_right_answer_of_a_quiz_is_told_at_the_end_and_not_before(cast):
    poll = open_poll(cast, kind="quiz", right=1, is_result_live=True)
    [change] = told(take(vote(cast, poll, 1)))
    assert (change["polls"][0]["right"], change["polls"][0]["counts"]) == (None, None)
    assert snapshot(cast.room.id).polls[0].right is None
    [change] = told(take(close(cast, poll)))
    assert (change["polls"][0]["right"], change["polls"][0]["counts"]) == (1, [0, 1, 0])


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"kind": "quiz"}, "right"),
        ({"kind": "quiz", "right": 3}, "right"),
        ({"kind": "quiz", "right": -1}, "right"),
        ({"choices": ["a", " a "]}, "same"),
        ({"question": " "}, "empty"),
        ({"choices": ["a", "x" * 81]}, "long"),
    ],
)
def test_a_poll_that_makes_no_sense_is_not_opened(cast, more, refused):
    words = {"question": "Which?", "choices": ["a", "b", "c"], **more}
    assert refusals(take(said(cast.room, cast.creator_id, Kind.STAFF, act="open-poll", **words))) == [refused]


def test_a_rating_is_one_to_five_whatever_was_sent_and_one_has_one(cast):
    poll = open_poll(cast, kind="rating", choices=["bad", "good"])
    assert snapshot(cast.room.id).polls[0].choices == ["1", "2", "3", "4", "5"]
    assert refusals(take(vote(cast, poll, 3, 4), vote(cast, poll, 4))) == ["choice", ""]


def prepare(cast, question="Which?", **more):
    words = {"choices": ["a", "b"], "kind": PollKind.SINGLE, "right": None, "is_result_live": True, **more}
    prepare_poll(channel_id=cast.channel.id, question=question, at=now(), **words)


def test_what_is_prepared_waits_at_the_desk_of_the_channels_rooms_until_it_is_dropped(cast):
    prepare(cast)
    prepare(cast)
    prepare(cast, "And which is right?", kind=PollKind.QUIZ, right=1)
    desk = enter_room(cast.room, person_id=cast.creator.id, came=came(), at=now()).desk
    assert [(each.question, each.right, each.is_result_live) for each in desk.prepared] == [
        ("Which?", None, True),
        ("And which is right?", 1, False),
    ]
    for channel_id in (new_id(), cast.channel.id):
        drop_prepared(prepared_id=desk.prepared[0].id, channel_id=channel_id)
    assert [each.question for each in list_prepared(cast.channel.id)] == ["And which is right?"]


def test_prepared_polls_are_bounded(cast, monkeypatch):
    monkeypatch.setattr("footlights.engagement.policies.PREPARED_MAX", 1)
    prepare(cast)
    with pytest.raises(RefusedError, match="many"):
        prepare(cast, "Another?")


def test_a_timed_poll_closes_by_itself_at_the_second_and_once(cast):
    at = now()
    words = {"act": "open-poll", "question": "Which?", "choices": ["a", "b"], "seconds": 30}
    [change] = told(take(said(cast.room, cast.creator_id, Kind.STAFF, **words), at=at))
    poll, end = change["polls"][0]["id"], at + timedelta(seconds=30)
    assert told(keep_time(at=end - timedelta(milliseconds=1))) == []
    late = [said(cast.room, each, Kind.VOTE, poll=poll, choices=[0]) for each in (cast.viewer_id, cast.stranger_id)]
    assert refusals(take(late[0], at=end - timedelta(milliseconds=1))) == [""]
    assert refusals(take(late[1], at=end)) == ["closed"]  # though nobody has closed it yet
    [change] = told(keep_time(at=end + timedelta(minutes=5)))  # whoever kept the time was away
    assert [(each["state"], each["counts"]) for each in change["polls"]] == [("closed", [1, 0])]
    assert PollRow.objects.get().closed_at == end
    assert told(keep_time(at=end + timedelta(minutes=5))) == []

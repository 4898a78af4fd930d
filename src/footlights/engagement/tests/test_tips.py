"""Tips in rooms: heard of when their money is there, once; and given back when what they were given for did not come."""

from datetime import timedelta

import pytest

from footlights.engagement.api import TipPlace, close_room, keep_time, open_room, snapshot, tip_place
from footlights.engagement.models import GivenRow
from footlights.engagement.operations.note_tip import note_tip, note_tip_returned
from footlights.engagement.operations.return_tips import return_tips
from footlights.engagement.policies import ANSWERED_WITHIN, is_to_return
from footlights.engagement.records import QuestionState, Sum
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import make_ban, said, take, told
from footlights.giving.api import State, get_tip, refund_tip
from footlights.giving.events import TipGiven, TipReturned
from footlights.giving.testing import make_tip
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.api import GatewayUnreachableError
from footlights.payments.testing import webhooks_arrive

FIVE = Sum("5.00", "EUR")


def given(cast, *, is_question=False, giver=None, message="Bravo", **new):
    """The viewer gave a tip in the room, and its money came."""
    about = TipPlace(cast.room.id, is_question).about
    tip = make_tip(cast.channel, giver or cast.viewer, about=about, message=message, **new)
    run_jobs()
    return tip


def shut(cast):
    close_room(room_id=cast.room.id, by_id=cast.creator.id, at=now())


def state_of(tip):
    return get_tip(tip.id, tip.giver_id).state


def test_a_tip_is_told_once_when_its_money_is_there(cast):
    tip = given(cast)
    [change] = told(keep_time(at=now()))
    assert [(each["name"], each["text"], each["tip"]) for each in change["said"]] == [
        ("Vera", "Bravo", {"value": "5.00", "currency": "EUR"})
    ]
    note_tip(TipGiven(tip.id, cast.channel.id, None, cast.viewer.id, tip.amount, "Bravo", now(), tip.about))
    assert told(keep_time(at=now())) == []
    assert [each.tip for each in snapshot(cast.room.id).said] == [FIVE]


def test_who_gives_without_a_name_has_none_and_what_was_given_elsewhere_is_heard_in_the_open_room(cast):
    make_tip(cast.channel, cast.viewer, is_anonymous=True)
    run_jobs()
    [message] = keep_time(at=now()).changes[0][1].said
    assert (message.name, message.text, message.tip) == ("Somebody", "", FIVE)
    assert message.by != cast.viewer_id


def test_words_with_a_tip_keep_the_rules_and_a_banned_persons_are_not_shown(cast):
    given(cast, message="kys")
    outcome = keep_time(at=now())
    assert [(each.text, each.held_for) for each in outcome.desks[0][1].held] == [("kys", "words")]
    given(cast, message="see https://example.org")
    make_ban(cast.channel, cast.stranger)
    given(cast, giver=cast.stranger)
    assert [each.text for each in keep_time(at=now()).changes[0][1].said] == ["", ""]


def test_a_priority_question_stands_on_top_and_its_tip_stays_once_it_is_answered(cast):
    take(said(cast.room, cast.stranger_id, Kind.ASK, key="question-1", text="How old are you?"))
    tip = given(cast, is_question=True, message="Where do you live?")
    keep_time(at=now())
    top, _other = snapshot(cast.room.id).questions
    assert (top.text, top.tip) == ("Where do you live?", FIVE)
    take(said(cast.room, cast.creator_id, Kind.STAFF, act="answered", question=top.id))
    shut(cast)
    assert return_tips(at=now()) == 0
    assert GivenRow.objects.get().is_settled
    assert state_of(tip) is State.PAID


def test_what_was_given_for_an_answer_goes_back_at_the_end_without_one(cast):
    tip = given(cast, is_question=True, message="Where do you live?")
    keep_time(at=now())
    assert return_tips(at=now()) == 0
    shut(cast)
    assert [return_tips(at=now()) for _each in range(2)] == [1, 0]
    assert state_of(tip) is State.REFUNDED
    open_room(subject=cast.room.subject, channel_id=cast.channel.id, by_id=None, at=now())
    [question] = snapshot(cast.room.id).questions
    assert question.tip is None


def test_who_was_killed_after_deciding_gives_back_when_it_comes_again(cast, monkeypatch):
    from footlights.engagement.operations import return_tips as module

    tip = given(cast, is_question=True, message="Where do you live?")
    keep_time(at=now())
    shut(cast)

    def die(_tip_id, _at):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "_give_back", die)
        with pytest.raises(KeyboardInterrupt):
            return_tips(at=now())
    assert state_of(tip) is State.PAID
    open_room(subject=cast.room.subject, channel_id=cast.channel.id, by_id=None, at=now())  # what was decided stays
    assert return_tips(at=now()) == 1
    assert state_of(tip) is State.REFUNDED


def test_one_that_cannot_be_given_back_keeps_no_other_waiting_and_is_tried_again(cast, monkeypatch):
    from footlights.engagement.operations import return_tips as module

    first, second = (given(cast, is_question=True, message=words) for words in ("Where?", "When?"))
    keep_time(at=now())
    shut(cast)
    give_back = module.return_promised_tip

    def refuse_the_first(*, tip_id, at):
        if tip_id == first.id:
            raise GatewayUnreachableError("silent")
        return give_back(tip_id=tip_id, at=at)

    with monkeypatch.context() as patched:
        patched.setattr(module, "return_promised_tip", refuse_the_first)
        assert return_tips(at=now()) == 1
    assert [state_of(each) for each in (first, second)] == [State.PAID, State.REFUNDED]
    assert return_tips(at=now()) == 1
    assert state_of(first) is State.REFUNDED


def test_what_its_channel_gave_back_already_is_not_owed_any_more(cast):
    tip = given(cast, is_question=True, message="Where?")
    keep_time(at=now())
    refund_tip(tip_id=tip.id, by_id=cast.creator.id, idempotency_key="r", at=now())
    shut(cast)
    assert [return_tips(at=now()) for _each in range(2)] == [1, 0]


@pytest.mark.parametrize("message", ["see https://example.org", ""])
def test_a_question_that_may_not_be_asked_is_paid_back_at_once(cast, message):
    tip = given(cast, is_question=True, message=message)
    keep_time(at=now())
    assert return_tips(at=now()) == 1
    assert state_of(tip) is State.REFUNDED


def test_money_that_comes_when_the_room_is_closed_goes_back_when_it_was_for_an_answer(cast):
    shut(cast)
    question, plain = given(cast, is_question=True, message="Where?"), given(cast)
    assert told(keep_time(at=now())) == []
    return_tips(at=now())
    assert (state_of(question), state_of(plain)) == (State.REFUNDED, State.PAID)


@pytest.mark.parametrize(
    ("state", "is_open", "waited", "goes_back"),
    [
        (QuestionState.ASKED, True, timedelta(hours=1), False),
        (QuestionState.ASKED, True, ANSWERED_WITHIN, True),
        (QuestionState.ASKED, False, timedelta(), True),
        (QuestionState.ANSWERING, False, ANSWERED_WITHIN, False),
        (QuestionState.ANSWERED, False, ANSWERED_WITHIN, False),
        (QuestionState.HIDDEN, True, timedelta(), True),
        (None, True, timedelta(), True),
    ],
)
def test_when_money_goes_back(state, is_open, waited, goes_back):
    asked_at = now()
    assert is_to_return(state=state, is_open=is_open, asked_at=asked_at, at=asked_at + waited) is goes_back


def test_where_a_tip_was_given_is_read_from_what_travelled_with_it():
    room_id = new_id()
    for place in (TipPlace(room_id), TipPlace(room_id, is_question=True)):
        assert tip_place(place.about) == place
    for about in ("", "title:1", f"gift:{room_id}", "room:x"):
        assert tip_place(about) is None


def test_a_tip_of_another_channels_room_is_not_heard_there(cast):
    event = TipGiven(new_id(), new_id(), None, None, Money(500, "EUR"), "", now(), TipPlace(cast.room.id).about)
    note_tip(event)
    assert not GivenRow.objects.exists()


def give_back(cast, tip):
    refund_tip(tip_id=tip.id, by_id=cast.creator.id, idempotency_key="r", at=now())
    with webhooks_arrive():
        run_jobs()


def test_a_tip_that_the_team_gave_back_is_shown_no_more(cast):
    tip, other = given(cast), given(cast, message="More")
    keep_time(at=now())
    give_back(cast, tip)
    assert state_of(tip) is State.REFUNDED
    [change] = told(keep_time(at=now()))
    assert change["hidden"] == [str(tip.id)]
    assert [each.id for each in snapshot(cast.room.id).said] == [other.id]
    note_tip_returned(TipReturned(tip.id, now()))
    assert told(keep_time(at=now())) == []  # told once


def test_one_that_was_given_back_unheard_is_never_shown(cast):
    tip = given(cast)
    give_back(cast, tip)
    note_tip(TipGiven(tip.id, cast.channel.id, None, cast.viewer.id, tip.amount, "Bravo", now(), tip.about))
    assert told(keep_time(at=now())) == []
    GivenRow.objects.all().delete()
    note_tip(TipGiven(tip.id, cast.channel.id, None, cast.viewer.id, tip.amount, "Bravo", now(), tip.about))
    assert not GivenRow.objects.exists()  # the news of the tip came after that of its return
    assert not snapshot(cast.room.id).said


def test_a_question_whose_tip_went_back_stands_where_the_others_do(cast):
    tip = given(cast, is_question=True, message="Where?")
    keep_time(at=now())
    give_back(cast, tip)
    [change] = told(keep_time(at=now()))
    assert [(each["text"], each.get("tip")) for each in change["questions"]] == [("Where?", None)]
    shut(cast)
    assert [return_tips(at=now()) for _each in range(2)] == [1, 0]

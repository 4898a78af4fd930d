"""What waits, who may write, what is pinned, and what a message says of another."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.engagement.api import set_words, word_list
from footlights.engagement.models import MessageRow
from footlights.engagement.operations.enter_room import Came, enter_room
from footlights.engagement.queries import desk_of, snapshot
from footlights.engagement.testing import make_viewer, refusals, take, told
from footlights.engagement.tests.test_chat import rules, say, staff
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.monetization.api import grant_membership


def only(outcome):
    """The one message that was told."""
    [change] = told(outcome)
    [message] = change["said"]
    return message


def waiting(cast):
    return [(each.text, each.held_for) for each in desk_of(cast.room.id, cast.channel.id, now()).held]


def is_held(outcome):
    [(_room_id, _viewer_id, answer)] = outcome.answers
    return answer.held


def test_what_waits_is_seen_at_the_desk_alone_until_somebody_shows_it(cast):
    take(rules(cast, review="everybodys"))
    words = say(cast, text="hello")
    outcome = take(words)
    assert (outcome.changes, is_held(outcome), waiting(cast)) == ([], True, [("hello", "all")])
    [(_room_id, desk)] = outcome.desks
    assert desk.held[0].name == "Vera"
    assert is_held(take(words))  # sent again
    assert snapshot(cast.room.id).said == []
    shown = take(staff(cast, "show", message=desk.held[0].id))
    assert only(shown)["text"] == "hello"
    assert shown.desks[0][1].done == [desk.held[0].id]
    assert (waiting(cast), [each.text for each in snapshot(cast.room.id).said]) == ([], ["hello"])
    assert take(staff(cast, "show", message=desk.held[0].id)).changes == []


def test_what_waits_and_is_removed_was_never_told(cast):
    take(rules(cast, review="everybodys"))
    held = take(say(cast)).desks[0][1].held[0]
    outcome = take(staff(cast, "hide", message=held.id))
    assert (outcome.changes, outcome.desks[0][1].done, waiting(cast)) == ([], [held.id], [])
    assert refusals(take(staff(cast, "show", message=held.id))) == ["gone"]


def test_a_ban_clears_the_desk_of_what_they_said(cast):
    take(rules(cast, review="everybodys"))
    take(say(cast))
    take(staff(cast, "ban", viewer=cast.viewer_id))
    assert waiting(cast) == []


def test_a_newcomers_first_message_waits_and_the_team_never_does(cast):
    take(rules(cast, review="newcomers"))
    assert not is_held(take(say(cast, cast.creator_id)))
    held = take(say(cast)).desks[0][1].held[0]
    take(staff(cast, "show", message=held.id))
    assert not is_held(take(say(cast)))


@pytest.mark.parametrize(
    ("links", "refused", "waits"), [("refused", ["link"], []), ("held", [""], ["link"]), ("shown", [""], [])]
)
def test_a_link_is_refused_or_waits_or_is_shown(cast, links, refused, waits):
    take(rules(cast, links=links))
    assert refusals(take(say(cast, text="look: https://x.example"))) == refused
    assert [held_for for _text, held_for in waiting(cast)] == waits


def test_a_channels_words_wait_and_its_lists_can_be_left_out(cast):
    set_words(channel_id=cast.channel.id, typed=" Spoiler \n\nspoiler\nred  herring", languages=["xx"], by_id=new_id())
    assert (word_list(cast.channel.id).own, word_list(cast.channel.id).languages) == (
        ["Spoiler", "spoiler", "red herring"],
        [],
    )
    take(say(cast, text="sp0iler!"), say(cast, text="you retarded thing"), say(cast, text="a red herring"))
    assert [held_for for _text, held_for in waiting(cast)] == ["words", "words"]


def test_a_channel_that_chose_nothing_has_the_short_lists(cast):
    assert is_held(take(say(cast, text="you retarded thing")))


def test_where_members_alone_write_others_are_told_so(cast):
    member = make_person()
    at = now()
    grant_membership(
        viewer_id=member.id, channel_id=cast.channel.id, tier=1, until=at + timedelta(days=1), cause="a", at=at
    )
    entry = enter_room(cast.room, person_id=member.id, came=Came("b"), at=now())
    take(rules(cast, speakers="members"))
    outcome = take(say(cast), say(cast, entry.viewer_id), say(cast, cast.moderator_id))
    assert refusals(outcome) == ["members", "", ""]
    assert [each.get("member", False) for each in told(outcome)[0]["said"]] == [True, False]


def test_an_answer_quotes_what_is_shown_and_nothing_that_is_gone(cast):
    asked = only(take(say(cast, text="Which camera?")))
    answer = only(take(say(cast, cast.creator_id, "The old one", answers=asked["id"], mentions=[cast.viewer_id])))
    assert answer["quote"] == {"id": asked["id"], "name": "Vera", "text": "Which camera?"}
    assert answer["mentions"] == [{"by": str(cast.viewer_id), "name": "Vera"}]
    take(staff(cast, "hide", message=asked["id"]))
    assert snapshot(cast.room.id).said[0].quote is None
    late = only(take(say(cast, cast.creator_id, "Still here", answers=asked["id"])))
    assert "quote" not in late


def test_a_message_mentions_nobody_of_another_room(cast):
    assert "mentions" not in only(take(say(cast, mentions=[new_id()])))


def test_what_is_pinned_is_there_for_late_comers_until_it_is_taken_down_or_out(cast):
    message = only(take(say(cast)))
    [change] = told(take(staff(cast, "pin", message=message["id"])))
    assert change["pinned"]["id"] == message["id"]
    assert str(snapshot(cast.room.id).pinned.id) == message["id"]
    [change] = told(take(staff(cast, "pin", message=None)))
    assert change["pinned"] is None
    take(staff(cast, "pin", message=message["id"]))
    [change] = told(take(staff(cast, "hide", message=message["id"])))
    assert change["pinned"] is None
    assert snapshot(cast.room.id).pinned is None
    assert refusals(take(staff(cast, "pin", message=message["id"]))) == ["gone"]


def test_the_rules_are_told_once_and_to_late_comers(cast):
    [change] = told(take(rules(cast, slow_s=30)))
    assert change["rules"]["slow_s"] == 30
    assert take(rules(cast, slow_s=30)).changes == []
    assert snapshot(cast.room.id).rules.slow_s == 30


def test_whoever_takes_a_name_like_the_teams_is_not_called_by_it(cast):
    alike = make_viewer(cast.room, make_person(display_name="M\u0430y\u0430"))  # two letters are Cyrillic
    outcome = take(say(cast, alike), say(cast, cast.creator_id))
    assert [each["name"] for each in told(outcome)[0]["said"]] == ["Somebody", "Maya"]
    assert MessageRow.objects.count() == 2

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.engagement import policies, subjects
from footlights.engagement.errors import RefusedError
from footlights.engagement.policies import Bucket, plain_text
from footlights.engagement.records import PollKind
from footlights.engagement.subjects import Kind
from footlights.kernel.clock import now

VIEWER = UUID(int=7)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  good   evening \n all ", "good evening all"),
        ("<b>hi</b>", "<b>hi</b>"),  # shown as the letters they are
        ("pay \u202emoc.live\u202c", "pay moc.live"),  # turns nobody's text around
        ("a\u200bd\u2060min", "admin"),
        ("Z\u0310\u0311\u0312\u0313\u0314!", "Z\u0310\u0311!"),
        ("Việt", "Việt"),
        ("👩\u200d🚀 ❤\ufe0f", "👩\u200d🚀 ❤\ufe0f"),
        ("שלום", "שלום"),
    ],
)
def test_text_is_one_line_without_tricks(typed, shown):
    assert plain_text(typed, most=100) == shown


@pytest.mark.parametrize(("typed", "code"), [("", "empty"), ("\u200b \u200d", "empty"), ("x" * 11, "long")])
def test_text_that_says_nothing_or_too_much_is_refused(typed, code):
    with pytest.raises(RefusedError) as refused:
        plain_text(typed, most=10)
    assert refused.value.code == code


@given(st.text(max_size=60))
def test_whatever_is_typed_stays_the_same_when_it_is_tidied_again(typed):
    try:
        once = plain_text(typed, most=100)
    except RefusedError:
        return
    assert plain_text(once, most=100) == once
    assert not set(once) & {"\n", "\u202e", "\u2066", "\u200b"}


@pytest.mark.parametrize("text", ["see https://x.example", "www.spam.example", "go to cheap-pills.shop/now"])
def test_links_are_for_those_who_look_after_the_room(text):
    policies.check_links(text, is_staff=True)
    with pytest.raises(RefusedError):
        policies.check_links(text, is_staff=False)


def test_a_full_stop_makes_no_link():
    policies.check_links("I liked it.Really. 3.5 of 5", is_staff=False)


def test_slow_mode_counts_whole_seconds_up():
    at = now()
    assert policies.wait_s(slow_s=0, last_at=at, at=at) == 0
    assert policies.wait_s(slow_s=30, last_at=None, at=at) == 0
    assert policies.wait_s(slow_s=30, last_at=at - timedelta(seconds=29.5), at=at) == 1
    assert policies.wait_s(slow_s=30, last_at=at - timedelta(seconds=30), at=at) == 0


def test_one_choice_of_a_single_poll_and_any_of_a_multiple_one():
    assert policies.check_choices([2], kind=PollKind.SINGLE, count=3) == [2]
    assert policies.check_choices([2, 0, 2], kind=PollKind.MULTIPLE, count=3) == [0, 2]
    for choices, kind in (([0, 1], PollKind.SINGLE), ([3], PollKind.SINGLE), ([-1], PollKind.MULTIPLE)):
        with pytest.raises(RefusedError):
            policies.check_choices(choices, kind=kind, count=3)


def test_the_same_key_is_the_same_thing_for_one_viewer_alone():
    assert policies.own_id(VIEWER, "abcdefgh") == policies.own_id(VIEWER, "abcdefgh")
    assert policies.own_id(VIEWER, "abcdefgh") != policies.own_id(UUID(int=8), "abcdefgh")
    with pytest.raises(RefusedError):
        policies.own_id(VIEWER, "short")


def test_a_viewer_may_say_a_few_things_at_once_and_then_one_a_second():
    bucket = Bucket(0.0)
    assert [bucket.take(0.0) for _each in range(policies.BURST + 1)] == [True] * policies.BURST + [False]
    assert bucket.take(1.0)
    assert not bucket.take(1.5)


def test_a_subject_says_room_kind_and_viewer_or_nothing():
    room = UUID(int=1)
    assert subjects.read(subjects.said(room, Kind.VOTE, VIEWER)) == (room, Kind.VOTE, VIEWER)
    for other in ("room.x.say.y", subjects.feed(room), f"room.{room.hex}.shout.{VIEWER.hex}", "a.b.c.d"):
        assert subjects.read(other) is None

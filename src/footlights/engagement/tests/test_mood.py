"""How the mood of a room is read, counted and told. What it is worth in figures: bench/mood.py."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from footlights.engagement.api import Gauge, enter_room, keep_mood, mood_since
from footlights.engagement.mood.course import TURN_S, course, feeling, turn_of, turns
from footlights.engagement.mood.gauge import TEXTS_READ_MAX, Felt
from footlights.engagement.mood.models import MoodTurnRow
from footlights.engagement.mood.tone import read
from footlights.engagement.records import Voices
from footlights.engagement.testing import came
from footlights.kernel.ids import new_id

NODE_MODULES = Path(__file__).parents[4] / "node_modules"
START = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)


def voices(*counts):
    """One turn after the other: how many were warm and cold in each."""
    return [
        Voices(START + timedelta(seconds=TURN_S * at), warm + cold + 1, warm, cold)
        for at, (warm, cold) in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("this is so good", "en", 1),
        ("not good at all", "en", -1),
        ("good song but the sound is awful", "en", -1),
        ("no sound??", "en", -1),
        ("Das war wunderschön", "de", 1),
        ("gefällt mir gar nicht", "de", -1),
        ("kein Ton", "de", -1),
        ("c'est magnifique, bravo", "fr", 1),
        ("ça lag encore", "fr", -1),
        ("me encanta esta canción", "es", 1),
        ("no se oye nada", "es", -1),
        ("che bello, grazie", "it", 1),
        ("wat een prachtig lied", "nl", 1),
        ("adorei, muito obrigada", "pt", 1),
        ("soooo gooood", "en", 1),
        ("where are you from?", "en", 0),
        ("To jest bardzo nudne", "", 0),  # Polish is told from the others, and not read
        ("👏👏🏽", "", 1),
        ("😡", "", -1),
        ("https://example.org/ is it", "en", 0),
    ],
)
def test_tones_are_read_in_seven_languages_and_in_emoji(text, language, sign):
    tone = read(text, spoken={})
    assert (tone.language, tone.sign) == (language, sign)


def test_what_is_short_is_in_the_language_of_the_room():
    assert read("super", spoken={"de": 1.0}).language == "de"
    assert read("super", spoken={"fr": 1.0}).language == "fr"


def test_english_is_read_no_worse_than_by_vader():
    """Of 3,003 labelled sentences that a package ships: right among all, and among those on which it says something."""
    fixtures = NODE_MODULES / "sentiment/test/fixtures"
    rows = [row for name in ("amazon", "imdb", "yelp") for row in json.loads((fixtures / f"{name}.json").read_text())]
    vader = SentimentIntensityAnalyzer()
    theirs = [(bool(row["class"]), vader.polarity_scores(row["text"])["compound"]) for row in rows]
    ours = [(bool(row["class"]), float(read(row["text"], spoken={"en": 1.0}).sign)) for row in rows]

    def right(told):
        return sum((degree >= 0) == is_good for is_good, degree in told) / len(told)

    assert len(rows) == 3_003
    assert right(ours) >= right(theirs)
    said, said_by_vader = ([each for each in told if each[1]] for told in (ours, theirs))
    assert len(said) >= len(said_by_vader)
    assert right(said) >= right(said_by_vader)


def test_a_voice_counts_once_a_turn_and_what_was_said_is_forgotten():
    gauge, room, loud, calm, guest = Gauge(), new_id(), new_id(), new_id(), new_id()
    for _each in range(6):
        gauge.say(room, loud, "this is awful")
    gauge.say(room, calm, "this is wonderful")
    gauge.react(room, loud, "❤")  # who says something in words means that
    gauge.react(room, guest, "👏")
    assert sorted(gauge.take(), key=lambda each: each.language) == [
        Felt(room, "", 1, 1, 0),
        Felt(room, "en", 2, 1, 1),
    ]
    assert gauge.take() == []


def test_a_room_that_roars_is_sampled():
    gauge, room = Gauge(), new_id()
    for _each in range(TEXTS_READ_MAX + 50):
        gauge.say(room, new_id(), "great")
    felt = gauge.take()
    assert (sum(each.people for each in felt), sum(each.warm for each in felt)) == (TEXTS_READ_MAX + 50, TEXTS_READ_MAX)


def test_few_voices_tell_little_and_many_tell_more():
    nobody, few, many = (feeling(START, voices(counts)) for counts in [(0, 0), (3, 1), (300, 100)])
    assert (nobody.low, nobody.share, nobody.high) == (0.0, 0.5, 1.0)
    assert few.high - few.low > 0.6
    assert many.high - many.low < 0.1
    assert many.low < 0.75 < many.high


def test_the_course_is_that_of_the_last_minute():
    told = course(voices(*[(4, 0)] * 6, *[(0, 4)] * 6))
    assert told[5].share > 0.85
    assert told[8].share == 0.5
    assert told[-1].share < 0.15


@pytest.mark.parametrize(
    ("before", "after", "is_turn"),
    [
        ([(4, 1)] * 30, [(1, 4)] * 6, True),
        ([(1, 4)] * 30, [(4, 1)] * 6, True),
        ([(4, 1)] * 30, [(3, 1)] * 6, False),  # a little colder
        ([(1, 0)] * 30, [(0, 1)] * 6, False),  # too few to say so
        ([], [(0, 5)] * 6, False),  # nothing to compare with
    ],
)
def test_a_sudden_turn_is_told_once_and_only_when_it_is_one(before, after, is_turn):
    found = list(turns(voices(*before, *after)))
    assert len(found) == is_turn
    if found:
        assert found[0].at > START + timedelta(seconds=TURN_S * (len(before) - 1))
        assert found[0].now.low <= found[0].now.share <= found[0].now.high


def test_two_processes_add_to_one_turn_which_those_who_look_after_the_room_see(cast):
    at = turn_of(datetime(2026, 5, 1, 20, 0, 19, 999_999, tzinfo=UTC))
    assert at == START + timedelta(seconds=10)
    gone = Felt(new_id(), "en", 1, 1, 0)
    for warm, cold in [(3, 1), (1, 2)]:
        told = keep_mood(
            [Felt(cast.room.id, "en", 4, warm, cold), Felt(cast.room.id, "", 2, 1, 0), gone], turn_id=new_id(), at=at
        )
    [feeling] = told[cast.room.id].course
    assert (feeling.people, told[cast.room.id].languages) == (12, {"en": 8, "": 4})
    assert mood_since(cast.room.id, at).course == [feeling]

    def desk(person):
        return enter_room(cast.room, person_id=person.id, came=came(), at=at + timedelta(minutes=1)).desk

    assert desk(cast.moderator).mood.course == [feeling]
    assert desk(cast.viewer) is None


def test_a_turn_that_is_told_again_after_a_lost_connection_counts_once(cast):
    at, turn_id = START, new_id()
    felt = [Felt(cast.room.id, "en", 4, 3, 1)]
    for _twice in range(2):
        told = keep_mood(felt, turn_id=turn_id, at=at)
        assert told[cast.room.id].languages == {"en": 4}
    assert keep_mood(felt, turn_id=new_id(), at=at)[cast.room.id].languages == {"en": 8}  # of another process


def test_what_was_counted_is_not_remembered_for_ever(cast):
    felt = [Felt(cast.room.id, "en", 1, 1, 0)]
    for hours in (0, 2):
        keep_mood(felt, turn_id=new_id(), at=START + timedelta(hours=hours))
    assert MoodTurnRow.objects.count() == 1

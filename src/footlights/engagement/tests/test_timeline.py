"""Each moment beside a broadcast has its place in the recording, which has no gaps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from footlights.engagement.timeline import (
    PEAKS_MAX,
    PIECE_MS,
    count_of,
    first_at,
    last_place,
    moment_in,
    peaks_of,
    place_in,
    span_of,
)
from footlights.live.events import Part

BEGAN = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)
PARTS = [
    Part(BEGAN.timestamp(), starts_ms=0, length_ms=60_000),
    Part(BEGAN.timestamp() + 90, starts_ms=60_000, length_ms=30_000),
]
LENGTHS = st.integers(1, 90_000)
PAUSES = st.integers(-3_000, 90_000)  # a clock may be a little off, so that one part begins before another ends


@st.composite
def recordings(draw):
    parts, began_ms, starts_ms = [], round(BEGAN.timestamp() * 1_000), 0
    for length_ms, pause_ms in draw(st.lists(st.tuples(LENGTHS, PAUSES), min_size=1, max_size=5)):
        parts.append(Part(began_ms / 1_000, starts_ms, length_ms))
        began_ms += max(1, length_ms + pause_ms)
        starts_ms += length_ms
    return parts


MOMENTS = st.timedeltas(timedelta(minutes=-2), timedelta(minutes=15)).map(lambda after: BEGAN + after)


def test_a_moment_on_air_is_found_in_the_recording_which_has_no_gaps():
    asked = {-5: 0, 10: 10_000, 75: 60_000, 100: 70_000, 121: None}
    assert {after_s: moment_in(PARTS, BEGAN + timedelta(seconds=after_s)) for after_s in asked} == asked


def test_what_is_said_after_the_end_stands_at_the_end():
    assert place_in(PARTS, BEGAN + timedelta(hours=1)) == last_place(PARTS) == 89_500
    assert place_in(PARTS, BEGAN + timedelta(seconds=119, milliseconds=900)) == 89_500


@given(recordings(), MOMENTS)
def test_each_moment_is_in_the_piece_of_its_place_and_in_no_other(parts, at):
    place_ms, inside = place_in(parts, at), []
    for number in range(count_of(parts, PIECE_MS)):
        since, until = span_of(parts, number, PIECE_MS)
        if (since is None or at >= since) and (until is None or at < until):
            inside.append(number)
    assert inside == [place_ms // PIECE_MS]


@given(recordings(), st.lists(MOMENTS, min_size=2))
def test_what_was_said_later_never_stands_before(parts, moments):
    places = [place_in(parts, at) for at in sorted(moments)]
    assert all(one <= other for one, other in pairwise(places))


@given(recordings(), st.integers(0, 200_000))
def test_a_place_begins_at_the_first_moment_that_stands_there(parts, place_ms):
    place_ms = min(place_ms, last_place(parts))
    since = first_at(parts, place_ms)
    if since is not None:
        assert place_in(parts, since) >= place_ms
        assert place_in(parts, since - timedelta(milliseconds=1)) < place_ms


def test_the_curve_has_its_highest_where_most_was_said_and_a_silent_recording_has_none():
    voices = [0] * 10 + [9] + [1] * 400
    curve = peaks_of(voices)
    assert len(curve) <= PEAKS_MAX
    assert (max(curve), curve.index(100)) == (100, 10 // -(-len(voices) // PEAKS_MAX))
    assert peaks_of([1, 0, 2, 0]) == []
    assert peaks_of([7]) == [100]

from datetime import timedelta

import pytest

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.playback.api import (
    ScreenOverError,
    TokenRefusedError,
    forget_history,
    list_continue_watching,
    list_history,
    progress_for,
    record_beat,
    view_counts,
)
from footlights.playback.models import Screen, WatchProgress
from footlights.playback.operations.forget_old_screens import forget_old_screens
from footlights.playback.policies import SCREENS_KEPT_FOR, SILENT_AFTER, TOKEN_RENEWED_AFTER
from footlights.playback.tests.conftest import AT, SESSION

pytestmark = pytest.mark.media
LENGTH_MS = 600_000


@pytest.fixture
def long_film(cinema):
    """The viewer's screen, as if the film had ten minutes."""
    session = cinema.start()
    Screen.objects.filter(id=session.id).update(duration_ms=LENGTH_MS, credits_at_ms=570_000, view_at_ms=30_000)
    return session


@pytest.fixture
def beat(long_film):
    def send(sequence, position_ms=0, watched_ms=0, *, after_s=10, **changes):
        usual = {"token": long_film.token, "session_keys": [SESSION], "at": AT + timedelta(seconds=after_s)}
        return record_beat(sequence=sequence, position_ms=position_ms, watched_ms=watched_ms, **{**usual, **changes})

    return send


def position(cinema):
    return progress_for(cinema.viewer.id, [cinema.title.id])[cinema.title.id].position_ms


def views(cinema):
    return view_counts([cinema.title.id])[cinema.title.id]


def keep_alive(beat, *, until_s, watched_ms=0):
    for number, second in enumerate(range(10, until_s + 1, 10), start=1):
        beat(
            number, position_ms=second * 1000, watched_ms=watched_ms and min(watched_ms, second * 1000), after_s=second
        )


def test_a_beat_moves_the_viewers_progress(cinema, beat):
    assert beat(1, 60_000).stop is None
    [progress] = list_continue_watching(cinema.viewer.id, AT)
    assert (progress.title_id, progress.position_ms, progress.duration_ms, progress.percent) == (
        cinema.title.id,
        60_000,
        LENGTH_MS,
        10,
    )


def test_a_repeated_or_late_beat_changes_nothing(cinema, beat):
    beat(2, 60_000)
    beat(2, 90_000)
    beat(1, 10_000)
    assert position(cinema) == 60_000


def test_a_beat_is_one_statement(beat, django_assert_num_queries):
    with django_assert_num_queries(1):
        beat(1, 60_000, 9_000)


def test_an_older_screen_does_not_turn_back_a_newer_ones_progress(cinema, beat):
    WatchProgress.objects.create(
        viewer_id=cinema.viewer.id,
        title_id=cinema.title.id,
        position_ms=200_000,
        duration_ms=LENGTH_MS,
        at=AT + timedelta(seconds=60),
    )
    beat(1, 60_000, after_s=10)
    assert position(cinema) == 200_000


def test_nobody_is_further_than_the_end(cinema, beat):
    beat(1, 10**7)
    assert position(cinema) == LENGTH_MS


def test_in_the_credits_it_is_finished_and_no_longer_offered(cinema, beat):
    beat(1, 575_000)
    assert list_continue_watching(cinema.viewer.id, AT) == []
    assert [progress.finished for progress in list_history(cinema.viewer.id)] == [True]


def test_a_view_counts_once_when_enough_was_watched(cinema, beat):
    keep_alive(beat, until_s=20, watched_ms=10**9)
    assert views(cinema) == 0
    beat(3, 30_000, 30_000, after_s=30)
    assert views(cinema) == 1
    beat(4, 60_000, 60_000, after_s=60)
    assert views(cinema) == 1


def test_told_playing_time_cannot_outrun_the_clock(cinema, beat):
    beat(1, 0, 10**9, after_s=10)
    assert views(cinema) == 0
    assert Screen.objects.get().watched_ms == 25_000  # twice the ten seconds that passed, and five of slack


def test_a_reload_is_no_second_view(cinema, beat):
    keep_alive(beat, until_s=30, watched_ms=30_000)
    again = cinema.start(at=AT + timedelta(seconds=40))
    Screen.objects.filter(id=again.id).update(view_at_ms=5_000)
    record_beat(
        token=again.token,
        session_keys=[SESSION],
        sequence=1,
        position_ms=0,
        watched_ms=9_000,
        at=AT + timedelta(seconds=50),
    )
    assert views(cinema) == 1


def test_views_of_before_are_left_out_when_asked(cinema, beat):
    keep_alive(beat, until_s=30, watched_ms=30_000)
    assert view_counts([cinema.title.id], since=AT)[cinema.title.id] == 1
    assert view_counts([cinema.title.id], since=AT + timedelta(days=1))[cinema.title.id] == 0
    assert view_counts([other := new_id()]) == {other: 0}


def test_nobody_writes_anothers_progress(cinema, beat):
    with pytest.raises(TokenRefusedError):
        beat(1, 60_000, session_keys=["account:of-a-stranger"])
    assert not WatchProgress.objects.exists()


@pytest.mark.parametrize(
    ("sequence", "position_ms", "watched_ms"),
    [(0, 0, 0), (-1, 0, 0), (2**31, 0, 0), (1, -1, 0), (1, 10**9, 0), (1, 0, -1), (1, 0, 2**40)],
)
def test_impossible_numbers_are_refused(beat, sequence, position_ms, watched_ms):
    with pytest.raises(InvalidInputError):
        beat(sequence, position_ms, watched_ms)


def test_a_silent_screen_takes_its_place_again_when_one_is_free(cinema, beat):
    late_s = SILENT_AFTER.seconds + 20
    assert beat(1, 60_000, after_s=late_s).stop is None
    assert position(cinema) == 60_000


def test_a_silent_screen_whose_place_is_taken_is_told_so(cinema, beat, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 1
    late_s = SILENT_AFTER.seconds + 20
    cinema.start(device="tablet", at=AT + timedelta(seconds=late_s - 5))
    told = beat(1, 60_000, after_s=late_s)
    assert (told.stop, told.device) == ("displaced", "tablet")


def test_leaving_frees_the_place_and_keeps_the_progress(cinema, beat, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 1
    beat(1, 60_000, leaving=True)
    assert position(cinema) == 60_000
    assert cinema.start(at=AT + timedelta(seconds=11)).displaced_device is None


def test_a_token_is_renewed_while_one_watches(beat, long_film):
    minutes = int(TOKEN_RENEWED_AFTER.total_seconds()) + 10
    keep_alive(beat, until_s=minutes - 10)
    renewed = beat(1_000, after_s=minutes).token
    assert renewed not in {None, long_film.token}
    much_later = AT + timedelta(seconds=minutes + 30)
    assert (
        record_beat(
            token=renewed, session_keys=[SESSION], sequence=1_001, position_ms=0, watched_ms=0, at=much_later
        ).stop
        is None
    )


def test_a_refund_ends_the_screen_at_the_next_renewal(cinema, beat):
    from footlights.monetization.models import EntitlementRow

    minutes = int(TOKEN_RENEWED_AFTER.total_seconds()) + 10
    keep_alive(beat, until_s=minutes - 10)
    EntitlementRow.objects.filter(viewer_id=cinema.viewer.id).update(revoked_at=AT)
    told = beat(1_000, after_s=minutes)
    assert told.stop
    assert told.message
    assert told.token is None
    assert Screen.objects.get().end_reason == Screen.EndReason.NO_TICKET


def test_a_screen_that_was_swept_away_is_over(cinema, beat):
    assert forget_old_screens(at=AT + SCREENS_KEPT_FOR + timedelta(days=1)) == 1
    with pytest.raises(ScreenOverError):
        beat(1)


def test_history_is_forgotten_one_by_one_or_whole(cinema, beat):
    beat(1, 60_000)
    forget_history(viewer_id=cinema.stranger.id)
    forget_history(viewer_id=cinema.viewer.id, title_id=new_id())
    assert len(list_history(cinema.viewer.id)) == 1
    forget_history(viewer_id=cinema.viewer.id, title_id=cinema.title.id)
    assert list_history(cinema.viewer.id) == []

from datetime import timedelta

import pytest

from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.media.testing import make_asset
from footlights.monetization.api import list_library
from footlights.monetization.testing import grant, make_offer
from footlights.playback.api import NoTicketError, NotReadyError, record_beat
from footlights.playback.models import Screen
from footlights.playback.policies import SILENT_AFTER
from footlights.playback.tests.conftest import AT, SESSION

pytestmark = pytest.mark.media


def alive(viewer):
    return list(
        Screen.objects.filter(viewer_id=viewer.id, ended_at=None)
        .order_by("started_at")
        .values_list("device", flat=True)
    )


def test_whoever_bought_it_gets_all_a_player_needs(cinema):
    session = cinema.start()
    assert session.dash_url.startswith("/media/")
    assert session.dash_url.endswith(".mpd")
    assert session.token
    assert session.duration_ms == cinema.asset.duration_ms
    assert not session.audio_only


def test_a_stranger_gets_nothing_but_the_reason(cinema):
    with pytest.raises(NoTicketError) as refused:
        cinema.start(viewer_id=cinema.stranger.id)
    assert refused.value.decision.reason == "must_buy"
    assert not Screen.objects.exists()


def test_an_anonymous_visitor_does_not_watch_what_is_sold(cinema):
    with pytest.raises(NoTicketError):
        cinema.start(viewer_id=None, session_key="screen:x")


def test_an_anonymous_visitor_watches_what_is_free(cinema, another_title):
    title = another_title(cinema.creator)
    make_offer(title, "free")
    assert cinema.start(viewer_id=None, session_key="screen:x", title_id=title.id).token


def test_a_title_that_never_was_is_not_found(cinema):
    with pytest.raises(NotFoundError):
        cinema.start(title_id=new_id())


def test_a_film_in_preparation_tells_how_far_it_is(cinema):
    asset = make_asset(cinema.creator.id)
    title = make_title(make_channel(cinema.creator), asset_id=asset.id)
    with pytest.raises(NotReadyError) as refused:
        cinema.start(viewer_id=cinema.creator.id, title_id=title.id)
    assert refused.value.asset.id == asset.id


def test_the_first_play_starts_a_rentals_hours(cinema, another_title):
    title = another_title(cinema.creator)
    make_offer(title, "rent")
    grant(cinema.viewer, title, "rent", AT)
    cinema.start(title_id=title.id)
    rental = next(held for held in list_library(cinema.viewer.id) if held.title_id == title.id)
    assert rental.started_at == AT


def test_one_screen_too_many_stops_the_oldest_and_tells_it_which_took_over(cinema, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 2
    first = cinema.start(device="first")
    cinema.start(device="second", at=AT + timedelta(seconds=1))
    third = cinema.start(device="third", at=AT + timedelta(seconds=2))
    assert alive(cinema.viewer) == ["second", "third"]
    assert third.displaced_device == "first"
    told = record_beat(
        token=first.token, session_keys=[SESSION], sequence=1, position_ms=0, watched_ms=0, at=AT + timedelta(seconds=3)
    )
    assert told.stop == "displaced"
    assert told.device == "third"
    assert "third" in told.message


def test_a_crashed_screen_frees_its_place_by_itself(cinema, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 1
    cinema.start(device="crashed")
    later = cinema.start(device="new", at=AT + SILENT_AFTER + timedelta(seconds=1))
    assert later.displaced_device is None


def test_a_reloaded_tab_takes_its_own_place_again(cinema, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 2
    cinema.start(device="television")
    before = cinema.start(device="tab")
    again = cinema.start(device="tab", replaces=before.token, at=AT + timedelta(seconds=5))
    assert again.displaced_device is None
    assert alive(cinema.viewer) == ["television", "tab"]


def test_nobody_replaces_a_screen_of_another_session(cinema):
    theirs = cinema.start(device="theirs")
    cinema.start(viewer_id=cinema.creator.id, session_key="account:creator", replaces=theirs.token)
    assert alive(cinema.viewer) == ["theirs"]


def test_screens_of_other_accounts_are_left_alone(cinema, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 1
    cinema.start()
    cinema.start(viewer_id=cinema.creator.id, session_key="account:creator")
    assert alive(cinema.viewer) == ["Chrome on Linux"]


def test_going_on_starts_where_the_last_screen_was(cinema):
    session = cinema.start()
    Screen.objects.update(duration_ms=600_000, credits_at_ms=570_000)
    record_beat(
        token=session.token,
        session_keys=[SESSION],
        sequence=1,
        position_ms=5_500,
        watched_ms=5_500,
        at=AT + timedelta(seconds=6),
    )
    again = cinema.start(at=AT + timedelta(seconds=7))
    assert again.resume_at_ms in {0, 5_500}  # the sample film is six seconds long

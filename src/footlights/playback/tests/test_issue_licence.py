"""Who gets a key. Every way in that is not the one way is tried here."""

import base64
from datetime import timedelta
from time import monotonic

import pytest

from footlights.catalog.api import delete_title, get_channel
from footlights.kernel.errors import InvalidInputError, NotAllowedError
from footlights.media.api import content_keys
from footlights.monetization.api import get_press_code, may_watch, redeem_press_code
from footlights.monetization.testing import grant, make_offer, make_press_codes
from footlights.playback.api import (
    ForeignKeyIdsError,
    NoTicketError,
    ScreenOverError,
    TokenRefusedError,
    issue_licence,
    record_beat,
)
from footlights.playback.policies import SILENT_AFTER, TOKEN_LIFETIME, TOKEN_RENEWED_AFTER
from footlights.playback.tests.conftest import AT, SESSION, as_kid

pytestmark = pytest.mark.media
SOON = AT + timedelta(seconds=1)


@pytest.fixture
def ask(cinema):
    """Ask for the film's own keys with the viewer's own token, unless told otherwise."""
    session = cinema.start()
    key_ids = cinema.key_ids

    def issue(**changes):
        usual = {"token": session.token, "session_keys": [SESSION], "key_ids": key_ids, "at": SOON}
        return issue_licence(**{**usual, **changes})

    return issue


def test_the_viewer_gets_exactly_the_keys_of_the_film(cinema, ask):
    licence = ask()
    assert licence["type"] == "temporary"
    given = {
        base64.urlsafe_b64decode(key["kid"] + "==").hex(): base64.urlsafe_b64decode(key["k"] + "==")
        for key in licence["keys"]
    }
    assert given == content_keys(cinema.asset.id)
    assert {key["kty"] for key in licence["keys"]} == {"oct"}


def test_another_titles_key_ids_get_nothing(cinema, ask, another_title):
    other = another_title(cinema.creator)
    make_offer(other, "free")
    foreign = [as_kid(key_id) for key_id in content_keys(other.asset_id)]
    with pytest.raises(ForeignKeyIdsError):
        ask(key_ids=foreign)


def test_mixed_key_ids_get_nothing_at_all(cinema, ask, another_title):
    other = another_title(cinema.creator)
    foreign = [as_kid(key_id) for key_id in content_keys(other.asset_id)]
    with pytest.raises(ForeignKeyIdsError):
        ask(key_ids=cinema.key_ids + foreign)
    with pytest.raises(ForeignKeyIdsError):
        ask(key_ids=[*cinema.key_ids, as_kid("00" * 16)])


@pytest.mark.parametrize("key_ids", [[], ["AAAA"], ["!" * 22], ["é" * 22], ["A" * 22] * 33, ["A" * 5_000]])
def test_what_is_no_licence_request_is_refused(ask, key_ids):
    with pytest.raises(InvalidInputError):
        ask(key_ids=key_ids)


def test_an_expired_token_gets_nothing(ask):
    with pytest.raises(TokenRefusedError):
        ask(at=AT + TOKEN_LIFETIME + timedelta(seconds=2))


def test_a_token_copied_to_another_session_gets_nothing(ask):
    for session_keys in ([], ["account:of-a-thief"], ["screen:of-the-viewer"]):
        with pytest.raises(TokenRefusedError):
            ask(session_keys=session_keys)


def test_a_forged_token_gets_nothing(cinema, ask):
    body, signature = cinema.start().token.rsplit(".", 1)
    with pytest.raises(TokenRefusedError):
        ask(token=f"{body.replace(cinema.viewer.id.hex, cinema.creator.id.hex)}.{signature}")


def test_a_refunded_purchase_gets_nothing_more(cinema, ask):
    ask()
    revoke(cinema)
    with pytest.raises(NoTicketError):
        ask()


def test_a_rental_that_is_over_gets_nothing_more(cinema, another_title):
    title = another_title(cinema.creator)
    make_offer(title, "rent")
    grant(cinema.viewer, title, "rent", AT)
    first = cinema.start(title_id=title.id)
    kids = [as_kid(key_id) for key_id in content_keys(title.asset_id)]
    assert issue_licence(token=first.token, session_keys=[SESSION], key_ids=kids, at=SOON)["keys"]
    ends_at = may_watch(cinema.viewer.id, title.id, SOON).ends_at
    last = cinema.start(title_id=title.id, at=ends_at - timedelta(seconds=10))
    with pytest.raises(NoTicketError) as refused:
        issue_licence(token=last.token, session_keys=[SESSION], key_ids=kids, at=ends_at + timedelta(seconds=1))
    assert refused.value.decision.reason == "rental_over"


def test_a_deleted_title_gets_nothing_more_within_two_seconds(cinema, ask, monkeypatch):
    ask()
    delete_title(title_id=cinema.title.id, editor_id=cinema.creator.id, at=SOON)
    two_seconds_on = monotonic() + 2
    monkeypatch.setattr("footlights.kernel.shared.monotonic", lambda: two_seconds_on)
    with pytest.raises(NotAllowedError):
        ask()


def test_a_displaced_screen_gets_nothing_more(cinema, ask, settings):
    settings.MAX_SCREENS_PER_ACCOUNT = 1
    cinema.start(at=SOON)
    with pytest.raises(ScreenOverError):
        ask()


def test_a_screen_that_left_gets_nothing_more(cinema):
    session = cinema.start()
    beat = {
        "token": session.token,
        "session_keys": [SESSION],
        "sequence": 1,
        "position_ms": 0,
        "watched_ms": 0,
        "at": SOON,
    }
    record_beat(**beat, leaving=True)
    with pytest.raises(ScreenOverError):
        issue_licence(token=session.token, session_keys=[SESSION], key_ids=cinema.key_ids, at=SOON)


def test_a_silent_screen_gets_nothing_more(ask):
    with pytest.raises(ScreenOverError):
        ask(at=AT + SILENT_AFTER + timedelta(seconds=1))


def test_a_licence_costs_four_questions_then_two_and_writes_nothing(ask, django_assert_num_queries):
    with django_assert_num_queries(4) as asked:
        ask()
    assert all(query["sql"].lstrip(" (\n").lower().startswith("select") for query in asked.captured_queries)
    with django_assert_num_queries(2) as asked:
        ask()
    assert all(query["sql"].lstrip(" (\n").lower().startswith("select") for query in asked.captured_queries)


def revoke(cinema):
    from footlights.monetization.models import EntitlementRow

    assert EntitlementRow.objects.filter(viewer_id=cinema.viewer.id).update(revoked_at=AT)


def test_the_first_key_begins_a_press_screening_and_the_day_after_another_has_to_be_begun(cinema):
    """By the press of play: what runs past its day is stopped, not counted again."""
    [code] = make_press_codes(get_channel(cinema.title.channel_id), cinema.title, at=AT)
    redeem_press_code(code=code.code, viewer_id=cinema.stranger.id, at=AT)

    def start(at):
        session = cinema.start(viewer_id=cinema.stranger.id, at=at)
        ask = {"token": session.token, "session_keys": [SESSION], "at": at}
        for _ in range(2):
            issue_licence(key_ids=cinema.key_ids, **ask)
        return ask

    def begun():
        return len(get_press_code(code.code).screenings)

    first = start(AT)
    assert begun() == 1
    with pytest.raises(ForeignKeyIdsError):
        issue_licence(key_ids=[as_kid("00" * 16)], **first)
    day = AT + timedelta(days=1)
    late = cinema.start(viewer_id=cinema.stranger.id, at=day - TOKEN_RENEWED_AFTER)
    beat = record_beat(
        token=late.token, session_keys=[SESSION], sequence=1, position_ms=0, watched_ms=0, at=day, leaving=False
    )
    assert (beat.stop, "1 of 2 left" in beat.message, begun()) == ("press", True, 1)
    start(day)
    assert begun() == 2
    with pytest.raises(NoTicketError):
        start(day + timedelta(days=1))

from datetime import UTC, datetime, timedelta

import pytest

from footlights.kernel.ids import new_id
from footlights.playback.errors import TokenRefusedError
from footlights.playback.policies import TOKEN_LIFETIME
from footlights.playback.tokens import Token, digest_of, holder_of, read_token, write_token

AT = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)


@pytest.fixture
def token():
    return Token(new_id(), new_id(), new_id(), digest_of("account:mine"), AT)


def test_a_token_comes_back_as_it_was_written(token):
    assert read_token(write_token(token), session_keys=["screen:x", "account:mine"], at=AT) == token


def test_an_anonymous_token_has_no_viewer(token):
    anonymous = Token(token.screen_id, token.title_id, None, digest_of("screen:s"), AT)
    assert read_token(write_token(anonymous), session_keys=["screen:s"], at=AT).viewer_id is None


@pytest.mark.parametrize("session_keys", [[], ["account:other"], ["screen:mine"], ["mine"]])
def test_a_token_from_another_session_is_refused(token, session_keys):
    with pytest.raises(TokenRefusedError):
        read_token(write_token(token), session_keys=session_keys, at=AT)


def test_a_token_expires(token):
    written = write_token(token)
    read_token(written, session_keys=["account:mine"], at=AT + TOKEN_LIFETIME)
    with pytest.raises(TokenRefusedError):
        read_token(written, session_keys=["account:mine"], at=AT + TOKEN_LIFETIME + timedelta(seconds=1))


def test_no_part_of_a_token_can_be_altered(token):
    written = write_token(token)
    for position in range(0, len(written), 3):
        other = "0" if written[position] != "0" else "1"
        with pytest.raises(TokenRefusedError):
            read_token(written[:position] + other + written[position + 1 :], session_keys=["account:mine"], at=AT)


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "é" * 50, "x" * 5_000, "." * 200])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(TokenRefusedError):
        read_token(text, session_keys=["account:mine"], at=AT)


def test_an_account_holds_its_places_and_an_anonymous_session_its_own():
    viewer = new_id()
    assert holder_of(viewer, digest_of("a")) == holder_of(viewer, digest_of("b")) == viewer
    assert holder_of(None, digest_of("a")) != holder_of(None, digest_of("b"))

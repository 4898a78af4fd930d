"""Playback tokens: signed, short-lived, bound to a screen, its title, its viewer and the browser session it started in.

A token names what was decided at the start; it grants nothing by itself, since every use asks again. The session is
bound by the digest of its secret cookie, so a token that leaks from a log or an address bar plays nowhere else.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.core import signing

from footlights.playback.errors import TokenRefusedError
from footlights.playback.policies import TOKEN_LIFETIME

_SALT = "footlights.playback.token"


@dataclass(frozen=True, slots=True)
class Token:
    screen_id: UUID
    title_id: UUID
    viewer_id: UUID | None
    session_digest: bytes
    issued_at: datetime


def digest_of(session_key: str) -> bytes:
    """What is stored of a browser session's secret: 32 bytes that do not lead back to it."""
    return hashlib.sha256(f"footlights.playback:{session_key}".encode()).digest()


def holder_of(viewer_id: UUID | None, session_digest: bytes) -> UUID:
    """Whose places a screen takes: the account's, or those of an anonymous browser session."""
    return viewer_id or UUID(bytes=session_digest[:16])


def write_token(token: Token) -> str:
    viewer = token.viewer_id.hex if token.viewer_id else ""
    body = ".".join(
        [
            token.screen_id.hex,
            token.title_id.hex,
            viewer,
            token.session_digest.hex(),
            f"{int(token.issued_at.timestamp()):x}",
        ]
    )
    return f"{body}.{_sign(body)}"


def read_token(text: str, *, session_keys: Iterable[str], at: datetime) -> Token:
    """The token: ours, fresh, and bound to one of `session_keys`. Raises TokenRefusedError."""
    body, _, signature = text.rpartition(".")
    if len(text) > 400 or not body or not hmac.compare_digest(_sign(body).encode(), signature.encode()):  # noqa: PLR2004  ours have < 250
        raise TokenRefusedError("This playback token is not ours.")
    screen, title, viewer, digest, issued = body.split(".")
    token = Token(
        UUID(screen),
        UUID(title),
        UUID(viewer) if viewer else None,
        bytes.fromhex(digest),
        datetime.fromtimestamp(int(issued, 16), UTC),
    )
    if at - token.issued_at > TOKEN_LIFETIME:
        raise TokenRefusedError("This playback token is too old.")
    if not any(hmac.compare_digest(digest_of(key), token.session_digest) for key in session_keys):
        raise TokenRefusedError("This playback token belongs to another browser session.")
    return token


def _sign(body: str) -> str:
    return signing.b64_encode(hmac.digest(_key(settings.SECRET_KEY), body.encode(), "sha256")).decode()


@cache
def _key(secret: str) -> bytes:
    """The service's secret for tokens alone, as Django's `salted_hmac` would make it for each of them."""
    return hashlib.sha256((_SALT + secret).encode()).digest()

"""Identifiers: UUIDv7 (RFC 9562 §5.7) for rows, random tokens for what must not be guessed."""

import secrets
import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A UUIDv7: unique, and sorts by the time it was made, so that indexes stay compact."""
    return uuid7()


def parse_id(text: str) -> uuid.UUID | None:
    """The id that somebody else repeats to us; None when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def new_token() -> str:
    """160 random bits in 27 URL-safe characters: nobody guesses a path or a link that holds one."""
    return secrets.token_urlsafe(20)

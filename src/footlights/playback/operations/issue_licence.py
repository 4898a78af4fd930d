"""The only gate: whoever gets a key from here can watch, and nobody else can."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.reads import fetch_rows
from footlights.media.api import content_keys
from footlights.monetization.api import may_go_on_watching
from footlights.playback.errors import ForeignKeyIdsError, NoTicketError, ScreenOverError
from footlights.playback.policies import MAX_KEY_IDS, SILENT_AFTER
from footlights.playback.tokens import read_token

KEY_ID_BYTES = 16
SCREEN = "select ended_at, last_beat_at, title_id, asset_id from playback_screen where id = %s"


def issue_licence(
    *, token: str, session_keys: Iterable[str], key_ids: Sequence[str], at: datetime
) -> dict[str, object]:
    """A ClearKey licence (W3C Encrypted Media Extensions §9.1.4) for `key_ids`, each 16 bytes in unpadded base64url.

    All or nothing: the token must be ours, fresh and of one of `session_keys`; its screen alive; `may_go_on_watching`
    must say yes; and every key id must belong to the title. Two reads, writes nothing.
    Raises TokenRefusedError, ScreenOverError, NoTicketError, ForeignKeyIdsError, InvalidInputError.
    """
    wanted = [_hex_of(key_id) for key_id in _bounded(key_ids)]
    claim = read_token(token, session_keys=session_keys, at=at)
    found = fetch_rows(SCREEN, [claim.screen_id])
    if not found:
        raise ScreenOverError("This screen is not known any more.")
    [(ended_at, last_beat_at, title_id, asset_id)] = found
    if ended_at is not None or at - last_beat_at > SILENT_AFTER or title_id != claim.title_id:
        raise ScreenOverError("This screen has ended.")
    decision = may_go_on_watching(claim.viewer_id, title_id, at)
    if not decision.allowed:
        raise NoTicketError(decision)
    keys = content_keys(asset_id)
    if not keys.keys() >= set(wanted):
        raise ForeignKeyIdsError("Some of these key ids do not belong to this title, so no key is given.")
    return {
        "keys": [
            {"kty": "oct", "kid": _base64url(bytes.fromhex(key_id)), "k": _base64url(keys[key_id])} for key_id in wanted
        ],
        "type": "temporary",
    }


def _bounded(key_ids: Sequence[str]) -> Sequence[str]:
    if not 0 < len(key_ids) <= MAX_KEY_IDS:
        raise InvalidInputError(f"Ask for 1 to {MAX_KEY_IDS} key ids.", field="kids")
    return key_ids


def _hex_of(key_id: str) -> str:
    try:
        raw = base64.b64decode(key_id + "=" * (-len(key_id) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidInputError("A key id is 16 bytes in base64url.", field="kids") from error
    if len(raw) != KEY_ID_BYTES:
        raise InvalidInputError("A key id is 16 bytes in base64url.", field="kids")
    return raw.hex()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

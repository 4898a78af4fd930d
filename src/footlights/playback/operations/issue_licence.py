"""The only gate: whoever gets a key from here can watch, and nobody else can."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from footlights.kernel.reads import fetch_texts
from footlights.media.api import content_keys
from footlights.monetization.api import begin_screening, begins_screening, may_go_on_watching
from footlights.playback.counting import count_licence
from footlights.playback.errors import ForeignKeyIdsError, NoTicketError, ScreenOverError
from footlights.playback.licences import read_key_ids, write_licence
from footlights.playback.policies import SILENT_AFTER
from footlights.playback.tokens import read_token

SCREEN = """
select ended_at is null and last_beat_at >= $2, title_id, asset_id from playback_screen where id = $1
"""


def issue_licence(
    *, token: str, session_keys: Iterable[str], key_ids: Sequence[str], at: datetime
) -> dict[str, object]:
    """A ClearKey licence (W3C Encrypted Media Extensions §9.1.4) for `key_ids`, each 16 bytes in unpadded base64url.

    All or nothing: the token must be ours, fresh and of one of `session_keys`; its screen alive; `may_go_on_watching`
    must say yes; and every key id must belong to the title. Two reads; writes only of whoever asks for far more than a
    person does, and of the first key of a press screening, which begins it.
    Raises TokenRefusedError, ScreenOverError, NoTicketError, ForeignKeyIdsError, InvalidInputError.
    """
    wanted = read_key_ids(key_ids)
    claim = read_token(token, session_keys=session_keys, at=at)
    found = fetch_texts(SCREEN, [str(claim.screen_id), (at - SILENT_AFTER).isoformat()])
    if not found:
        raise ScreenOverError("This screen is not known any more.")
    [(alive, of_title, of_asset)] = found
    title_id, asset_id = UUID(of_title), UUID(of_asset)
    if alive != "t" or title_id != claim.title_id:
        raise ScreenOverError("This screen has ended.")
    decision = may_go_on_watching(claim.viewer_id, title_id, at)
    if not decision.allowed:
        raise NoTicketError(decision)
    count_licence(claim.viewer_id, at=at)
    keys = content_keys(asset_id)
    if not keys.keys() >= set(wanted):
        raise ForeignKeyIdsError("Some of these key ids do not belong to this title, so no key is given.")
    if begins_screening(decision) and claim.viewer_id is not None:
        decision = begin_screening(viewer_id=claim.viewer_id, title_id=title_id, at=at)
        if not decision.allowed:
            raise NoTicketError(decision)
    return write_licence(wanted, keys)

"""The gate of broadcasts: whoever gets a key from here sees what is on air, and nobody else does."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.catalog.api import may
from footlights.kernel.errors import NotAllowedError
from footlights.live.api import State, broadcast_keys, get_broadcast_by_token, may_join
from footlights.playback.errors import ForeignKeyIdsError
from footlights.playback.licences import read_key_ids, write_licence


def issue_live_licence(
    *, token: str, viewer_id: UUID | None, key_ids: Sequence[str], at: datetime
) -> dict[str, object]:
    """A ClearKey licence for the broadcast at this address. All or nothing: every key id must be its own.

    While it is planned, what is sent is a preview for the channel's team. Writes nothing. Raises NotFoundError,
    NotAllowedError, ForeignKeyIdsError, InvalidInputError.
    """
    wanted = read_key_ids(key_ids)
    broadcast = get_broadcast_by_token(token, viewer_id)
    is_out = broadcast.state in {State.ON_AIR, State.ENDED}
    if not (is_out and may_join(broadcast, viewer_id, at)) and not may(
        viewer_id, Permission.SEE_CHANNEL, broadcast.channel_id
    ):
        raise NotAllowedError(_("This broadcast is not open to you."))
    keys = broadcast_keys(broadcast.id, wanted)
    if not keys.keys() >= set(wanted):
        raise ForeignKeyIdsError("Some of these key ids do not belong to this broadcast, so no key is given.")
    return write_licence(wanted, keys)

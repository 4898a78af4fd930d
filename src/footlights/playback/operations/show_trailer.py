"""The one film that needs no ticket: the trailer of a title the viewer may see.

What is decided here is small on purpose: a title that is not to be seen has no trailer, and the keys that come from
here are those of the trailer alone, never of the film. No screen is taken, no view is counted, nothing is remembered.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.catalog.api import get_title, is_visible
from footlights.kernel.errors import NotFoundError
from footlights.media.api import content_keys, get_asset
from footlights.playback.errors import ForeignKeyIdsError
from footlights.playback.licences import read_key_ids, write_licence


def find_trailer_url(*, title_id: UUID, viewer_id: UUID | None, at: datetime) -> str:
    """The DASH manifest of the title's trailer. Raises NotFoundError when there is none to see."""
    playback = get_asset(_trailer_of(title_id, viewer_id, at)).playback
    if playback is None:
        raise NotFoundError(_("This title has no trailer."))
    return playback.dash_url


def issue_trailer_licence(
    *, title_id: UUID, viewer_id: UUID | None, key_ids: Sequence[str], at: datetime
) -> dict[str, object]:
    """A ClearKey licence for the trailer. All or nothing: every key id must be the trailer's own.

    Raises NotFoundError, ForeignKeyIdsError, InvalidInputError.
    """
    wanted = read_key_ids(key_ids)
    keys = content_keys(_trailer_of(title_id, viewer_id, at))
    if not keys.keys() >= set(wanted):
        raise ForeignKeyIdsError("Some of these key ids do not belong to this trailer, so no key is given.")
    return write_licence(wanted, keys)


def _trailer_of(title_id: UUID, viewer_id: UUID | None, at: datetime) -> UUID:
    """The trailer's asset, never the film's own, however it got there."""
    title = get_title(title_id)
    trailer_id = title.trailer_asset_id
    if not is_visible(title, viewer_id, at) or trailer_id is None or trailer_id == title.asset_id:
        raise NotFoundError(_("This title has no trailer."))
    return trailer_id

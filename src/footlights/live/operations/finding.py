from uuid import UUID

from footlights.accounts.api import Permission
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.live import models


def lock_broadcast(broadcast_id: UUID, editor_id: UUID) -> models.BroadcastRow:
    """The row, locked, of a channel where this person may go live. Raises NotFoundError."""
    row = models.BroadcastRow.objects.select_for_update(no_key=True).filter(pk=broadcast_id).first()
    if row is None or not may(editor_id, Permission.EDIT_TITLES, row.channel_id):
        raise NotFoundError("There is no such broadcast.")
    return row

"""Whether a ticket to a broadcast can be bought, and somebody has a use for it."""

import uuid

from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.catalog.api import may
from footlights.monetization.attending import holds_ticket
from footlights.monetization.errors import AlreadyYoursError
from footlights.monetization.models import EventRow


def require_event(viewer_id: uuid.UUID, broadcast_id: uuid.UUID) -> uuid.UUID:
    """Its channel's id, when this viewer has no ticket. A member may buy one all the same. Raises AlreadyYoursError."""
    event = EventRow.objects.get(pk=broadcast_id)
    if may(viewer_id, Permission.SEE_CHANNEL, event.channel_id):
        raise AlreadyYoursError(_("You manage this. Nothing was charged."))
    if holds_ticket(viewer_id, broadcast_id):
        raise AlreadyYoursError(_("You have a ticket already. Nothing was charged."))
    return event.channel_id

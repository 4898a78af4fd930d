from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.live import models, queries
from footlights.live.errors import WrongMomentError
from footlights.live.operations.finding import lock_broadcast
from footlights.live.operations.telling import tell
from footlights.live.records import Broadcast, State


@transaction.atomic
def go_on_air(*, broadcast_id: UUID, editor_id: UUID, at: datetime) -> Broadcast:
    """From now on everybody who may sees what is sent. Safe to repeat. Raises NotFoundError, WrongMomentError."""
    row = lock_broadcast(broadcast_id, editor_id)
    if row.state == State.ON_AIR:
        return queries.record_of(row)
    if row.state != State.PLANNED:
        raise WrongMomentError(_("It is over. Plan another one."))
    if not row.is_sending:
        raise WrongMomentError(_("Nothing arrives yet. Start sending first; then go on air."))
    begin(row, at=at)
    return queries.record_of(row)


@transaction.atomic
def end_broadcast(*, broadcast_id: UUID, editor_id: UUID, at: datetime) -> Broadcast:
    """It is over for everybody; one that never was on air is cancelled. Safe to repeat. Raises NotFoundError.

    The ingest hears of it at its next beat, and closes the recording.
    """
    row = lock_broadcast(broadcast_id, editor_id)
    if queries.record_of(row).is_over:
        return queries.record_of(row)
    was_on_air = row.state == State.ON_AIR
    row.state = State.ENDED if was_on_air else State.CANCELLED
    row.ended_at = at
    row.save(update_fields=["state", "ended_at"])
    tell(Act.BROADCAST_ENDED if was_on_air else Act.BROADCAST_CANCELLED, row)
    return queries.record_of(row)


def begin(row: models.BroadcastRow, *, at: datetime) -> None:
    """Put a locked, planned broadcast on air. Raises WrongMomentError while another of the channel is."""
    others = models.BroadcastRow.objects.filter(channel_id=row.channel_id, state=State.ON_AIR)
    if others.exists():
        raise WrongMomentError(_("Another broadcast of this channel is on air. End it first."))
    row.state, row.on_air_at = State.ON_AIR, at
    row.save(update_fields=["state", "on_air_at"])
    tell(Act.BROADCAST_ON_AIR, row)

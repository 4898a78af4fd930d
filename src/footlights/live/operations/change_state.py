from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.events import publish
from footlights.live import models, policies, queries
from footlights.live.errors import WrongMomentError
from footlights.live.events import BroadcastCancelled, BroadcastOver
from footlights.live.operations.finding import lock_broadcast
from footlights.live.operations.telling import tell
from footlights.live.records import Access, Broadcast, State
from footlights.monetization.api import note_event_began, note_event_over

AT_ONCE = 100


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
    """It is over for everybody; one that never was on air is cancelled, and its tickets are given back.

    Safe to repeat. The ingest hears of it at its next beat, and closes the recording. Raises NotFoundError. Publishes
    BroadcastOver, and BroadcastCancelled.
    """
    row = lock_broadcast(broadcast_id, editor_id)
    if not queries.record_of(row).is_over:
        _end(row, at)
    return queries.record_of(row)


@transaction.atomic
def cancel_forgotten(at: datetime) -> int:
    """Cancel what tickets were sold for and never went on air, a day after it should have. Returns how many."""
    late = models.BroadcastRow.objects.filter(
        state=State.PLANNED, access=Access.TICKETS, starts_at__lte=at - policies.LATE
    )
    rows = list(late.order_by("pk").select_for_update(no_key=True, skip_locked=True)[:AT_ONCE])
    for row in rows:
        _end(row, at)
    return len(rows)


def _end(row: models.BroadcastRow, at: datetime) -> None:
    was_on_air = row.state == State.ON_AIR
    row.state = State.ENDED if was_on_air else State.CANCELLED
    row.ended_at = at
    row.sequence += not was_on_air
    row.save(update_fields=["state", "ended_at", "sequence"])
    note_event_over(broadcast_id=row.pk, took_place=was_on_air, at=at)
    tell(Act.BROADCAST_ENDED if was_on_air else Act.BROADCAST_CANCELLED, row)
    publish(BroadcastOver(row.pk, row.channel_id, at))
    if not was_on_air:
        publish(BroadcastCancelled(row.pk, at))


def begin(row: models.BroadcastRow, *, at: datetime) -> None:
    """Put a locked, planned broadcast on air. Raises WrongMomentError while another of the channel is."""
    others = models.BroadcastRow.objects.filter(channel_id=row.channel_id, state=State.ON_AIR)
    if others.exists():
        raise WrongMomentError(_("Another broadcast of this channel is on air. End it first."))
    row.state, row.on_air_at = State.ON_AIR, at
    row.save(update_fields=["state", "on_air_at"])
    note_event_began(broadcast_id=row.pk, at=at)
    tell(Act.BROADCAST_ON_AIR, row)

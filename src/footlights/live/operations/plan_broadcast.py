import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act
from footlights.catalog.api import get_channel, may
from footlights.kernel import crypto
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.events import publish
from footlights.kernel.ids import new_id
from footlights.live import models, policies, queries
from footlights.live.errors import WrongMomentError
from footlights.live.events import BroadcastMoved
from footlights.live.keys import KEY_BYTES, SECRET_BYTES, content_context
from footlights.live.operations.finding import lock_broadcast
from footlights.live.operations.telling import tell
from footlights.live.records import Broadcast, NewBroadcast, State
from footlights.media.api import owns_picture
from footlights.monetization.api import note_event_moved, sell_tickets


@transaction.atomic
def plan_broadcast(*, channel_id: UUID, editor_id: UUID, new: NewBroadcast, at: datetime) -> Broadcast:
    """Announce a broadcast, with a page and a key of its own. Raises NotFoundError, InvalidInputError."""
    if not may(editor_id, Permission.EDIT_TITLES, channel_id):
        raise NotFoundError("There is no such channel.")
    new = policies.check_plan(new, at)
    ahead = models.BroadcastRow.objects.filter(channel_id=channel_id, state=State.PLANNED).count()
    if ahead >= policies.MAX_PLANNED:
        raise InvalidInputError(_("There are %(count)d broadcasts ahead already. Cancel one first.") % {"count": ahead})
    _check_poster(new, channel_id)
    key_id = new_id()
    row = models.BroadcastRow.objects.create(
        channel_id=channel_id,
        key_id=key_id,
        sealed_key=crypto.seal(secrets.token_bytes(KEY_BYTES + SECRET_BYTES), context=content_context(key_id)),
        created_at=at,
        **_columns(new),
    )
    _sell(row, new, editor_id, at)
    tell(Act.BROADCAST_PLANNED, row, starts_at=row.starts_at.isoformat())
    return queries.record_of(row)


@transaction.atomic
def change_broadcast(*, broadcast_id: UUID, editor_id: UUID, new: NewBroadcast, at: datetime) -> Broadcast:
    """Change what was announced, until it is over. Raises NotFoundError, InvalidInputError, WrongMomentError.

    Publishes BroadcastMoved when it starts at another time.
    """
    row = lock_broadcast(broadcast_id, editor_id)
    if queries.record_of(row).is_over:
        raise WrongMomentError(_("It is over and stays as it was."))
    new = policies.check_plan(new, at)
    _check_poster(new, row.channel_id)
    was, columns = row.starts_at, _columns(new)
    for name, value in columns.items():
        setattr(row, name, value)
    row.sequence += row.starts_at != was
    row.save(update_fields=[*columns, "sequence"])
    _sell(row, new, editor_id, at)
    if row.state == State.PLANNED and row.starts_at != was:
        note_event_moved(broadcast_id=row.pk, at=at)
        publish(BroadcastMoved(row.pk, was, row.starts_at, at))
    tell(Act.BROADCAST_CHANGED, row, starts_at=row.starts_at.isoformat(), access=row.access, tier=row.tier)
    return queries.record_of(row)


def _check_poster(new: NewBroadcast, channel_id: UUID) -> None:
    if new.poster_id and not owns_picture(new.poster_id, get_channel(channel_id).owner_id):
        raise InvalidInputError(_("That picture is gone. Choose another."), field="poster")


def _sell(row: models.BroadcastRow, new: NewBroadcast, editor_id: UUID, at: datetime) -> None:
    channel = get_channel(row.channel_id)
    sell_tickets(broadcast_id=row.pk, channel=channel, name=row.name, ticket=new.ticket, by_id=editor_id, at=at)


def _columns(new: NewBroadcast) -> dict[str, object]:
    return {
        "name": new.name,
        "words": new.words,
        "poster_id": new.poster_id,
        "starts_at": new.starts_at,
        "access": new.access.value,
        "tier": new.tier,
        "is_listed": new.is_listed,
        "starts_by_itself": new.starts_by_itself,
        "replay": new.replay.value,
        "latency": new.latency.value,
    }

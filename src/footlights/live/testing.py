"""Broadcasts for tests, of this context and of others."""

from datetime import datetime
from typing import Any

from footlights.catalog.api import Channel
from footlights.kernel.clock import now
from footlights.live import models, queries
from footlights.live.operations.admit_sender import admit_sender
from footlights.live.operations.plan_broadcast import plan_broadcast
from footlights.live.operations.stream_key import get_stream_key
from footlights.live.records import Access, Broadcast, NewBroadcast, Ticket

NODE = "an-ingest"


def make_broadcast(channel: Channel, *, at: datetime | None = None, tier: int | None = None, **plan: Any) -> Broadcast:
    """A planned broadcast, for everybody unless it is for members of a tier."""
    at = at or now()
    access = Access.MEMBERS if tier else Access.EVERYBODY
    new = NewBroadcast(**{"name": "An evening live", "access": access, "tier": tier, "starts_at": at} | plan)
    return plan_broadcast(channel_id=channel.id, editor_id=channel.owner_id, new=new, at=at)


def send(channel: Channel, *, node: str = NODE, at: datetime | None = None) -> Ticket:
    """An encoder connects with the channel's key."""
    at = at or now()
    key = get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=at)
    return admit_sender(stream_key=key, node=node, at=at)


def again(broadcast: Broadcast) -> Broadcast:
    """As it is now."""
    return queries.record_of(models.BroadcastRow.objects.get(pk=broadcast.id))

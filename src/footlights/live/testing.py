"""Broadcasts for tests, of this context and of others."""

from datetime import datetime
from typing import Any

from footlights.catalog.api import Channel
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.live import models, queries
from footlights.live.operations.admit_sender import admit_sender
from footlights.live.operations.plan_broadcast import plan_broadcast
from footlights.live.operations.stream_key import get_stream_key
from footlights.live.records import Access, Admission, Broadcast, NewBroadcast
from footlights.monetization.api import NewOffer, OfferKind

NODE = "an-ingest"
EIGHT = Money(800, "EUR")


def make_ticket(price: Money = EIGHT, replay_days: int | None = 7, **more: Any) -> NewOffer:
    """8.00 EUR, and the recording for a week, unless told otherwise."""
    return NewOffer(OfferKind.TICKET, price, replay_days=replay_days, **more)


def make_broadcast(channel: Channel, *, at: datetime | None = None, tier: int | None = None, **plan: Any) -> Broadcast:
    """A planned broadcast, for everybody unless it is for members of a tier or there is a `ticket`."""
    at = at or now()
    access = Access.MEMBERS if tier else Access.EVERYBODY
    if plan.get("ticket"):
        access = Access.TICKETS
    new = NewBroadcast(**{"name": "An evening live", "access": access, "tier": tier, "starts_at": at} | plan)
    return plan_broadcast(channel_id=channel.id, editor_id=channel.owner_id, new=new, at=at)


def send(channel: Channel, *, node: str = NODE, at: datetime | None = None, gone: str = "") -> Admission:
    """An encoder connects with the channel's key."""
    at = at or now()
    key = get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=at)
    return admit_sender(stream_key=key, node=node, at=at, gone=gone)


def again(broadcast: Broadcast) -> Broadcast:
    """As it is now."""
    return queries.record_of(models.BroadcastRow.objects.get(pk=broadcast.id))

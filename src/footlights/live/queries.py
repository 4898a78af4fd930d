"""Bounded reads. get_ raises, find_ may return None, list_ is bounded."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from footlights.accounts.api import Permission
from footlights.catalog.api import Channel, get_channel, may
from footlights.ingest.api import Described, Latency, find_key, key_of_run
from footlights.kernel import crypto
from footlights.kernel.errors import NotFoundError
from footlights.live import models, policies
from footlights.live.keys import KEY_BYTES, content_context, stream_context
from footlights.live.records import Access, Broadcast, Replay, Showing, Signal, State
from footlights.media.api import Picture, get_pictures, read_picture
from footlights.monetization.api import Decision, Door, Event, had_ticket, may_attend

LIST_MAX = 100
SLATE_WIDTH_PX = 640


def get_managed_broadcast(broadcast_id: UUID, editor_id: UUID) -> Broadcast:
    """One of a channel that this person works on. To others it does not exist. Raises NotFoundError."""
    row = models.BroadcastRow.objects.filter(pk=broadcast_id).first()
    if row is None or not may(editor_id, Permission.SEE_CHANNEL, row.channel_id):
        raise NotFoundError("There is no such broadcast.")
    return record_of(row)


def get_broadcast(broadcast_id: UUID) -> Broadcast:
    """Whatever it does, for whoever asks on somebody's behalf. Raises NotFoundError."""
    row = models.BroadcastRow.objects.filter(pk=broadcast_id).first()
    if row is None:
        raise NotFoundError("There is no such broadcast.")
    return record_of(row)


def get_broadcast_by_token(token: str, viewer_id: UUID | None) -> Broadcast:
    """The one whose page is at this address; cancelled, its team and ticket holders find it. Raises NotFoundError."""
    row = models.BroadcastRow.objects.filter(token=token).first()
    if row is not None:
        found = record_of(row)
        if policies.is_visible(found) or may(viewer_id, Permission.SEE_CHANNEL, row.channel_id):
            return found
        if viewer_id and had_ticket(viewer_id, row.pk):
            return found
    raise NotFoundError("There is no such broadcast.")


def get_announced(token: str) -> Broadcast:
    """What stood at this address, cancelled or not: calendars that took it there ask again. Raises NotFoundError."""
    row = models.BroadcastRow.objects.filter(token=token).first()
    if row is None:
        raise NotFoundError("There is no such broadcast.")
    return record_of(row)


def is_reminded(broadcast_id: UUID, person_id: UUID) -> bool:
    """Whether this person asked for a mail before it begins."""
    return models.ReminderRow.objects.filter(broadcast_id=broadcast_id, person_id=person_id).exists()


def list_broadcasts(channel_id: UUID) -> list[Broadcast]:
    """A channel's: what is on air, what comes next, then what was, the latest first."""
    rows = models.BroadcastRow.objects.filter(channel_id=channel_id).exclude(state=State.CANCELLED)
    order = {State.ON_AIR: 0, State.PLANNED: 1}
    found = [record_of(row) for row in rows.order_by("-starts_at", "-id")[:LIST_MAX]]
    come = sorted((each for each in found if not each.is_over), key=lambda each: (order[each.state], each.starts_at))
    return come + [each for each in found if each.is_over]


def list_coming(*, at: datetime, channel_id: UUID | None = None, limit: int = 24, offset: int = 0) -> list[Broadcast]:
    """What everybody may find, of one channel or of all: on air, then the next ones, without those that never began."""
    is_to_come = Q(state=State.ON_AIR) | Q(state=State.PLANNED, starts_at__gt=at - policies.LATE)
    rows = models.BroadcastRow.objects.filter(is_to_come, is_listed=True)
    if channel_id:
        rows = rows.filter(channel_id=channel_id)
    ordered = rows.order_by("state", "starts_at", "id")  # "on_air" before "planned"
    return [record_of(row) for row in ordered[offset : offset + min(limit, LIST_MAX)]]


def find_broadcasts(ids: Iterable[UUID]) -> dict[UUID, Broadcast]:
    """Of these, whatever became of them; one query."""
    return {row.pk: record_of(row) for row in models.BroadcastRow.objects.filter(pk__in=list(ids))}


def decide_joining(broadcast: Broadcast, viewer_id: UUID | None, at: datetime) -> Decision:
    """Whether this viewer may watch it now, and why: the one question that the page, the room and the licence ask."""
    event = Event(broadcast.id, broadcast.channel_id, Door(broadcast.access), broadcast.tier)
    return may_attend(viewer_id, event, at)


def may_join(broadcast: Broadcast, viewer_id: UUID | None, at: datetime) -> bool:
    """Its yes or no."""
    return decide_joining(broadcast, viewer_id, at).allowed


def showing_of(broadcast_id: UUID, *, is_preview: bool = False) -> Showing:
    """Where it is seen. Whoever knows the addresses has ciphertext and nothing more."""
    folder = models.BroadcastRow.objects.values_list("folder", flat=True).get(pk=broadcast_id)
    base = f"/media/live/{folder}/"
    if is_preview:
        return Showing(f"{base}preview.mpd", "", f"{base}preview.json")
    return Showing(f"{base}manifest.mpd", f"{base}master.m3u8", f"{base}state.json")


def find_slate(broadcast_id: UUID) -> bytes | None:
    """A small WebP that is shown while nobody sends: the broadcast's poster, else the channel's picture."""
    row = models.BroadcastRow.objects.only("poster_id", "channel_id").filter(pk=broadcast_id).first()
    if row is None:
        return None
    poster = get_pictures([row.poster_id]).get(row.poster_id) if row.poster_id else None
    picture = poster or picture_of(get_channel(row.channel_id))
    return read_picture(picture.id, width_px=SLATE_WIDTH_PX) if picture else None


def picture_of(channel: Channel) -> Picture | None:
    """What stands for a broadcast without a poster."""
    return channel.banner or channel.avatar


def broadcast_keys(broadcast_id: UUID, key_ids: Iterable[str]) -> dict[str, bytes]:
    """Of these, in hex, those that open its segments. Only the gate asks, after `may_join`."""
    row = models.BroadcastRow.objects.only("key_id", "sealed_key").get(pk=broadcast_id)
    found = {row.key_id.hex: content_key(row)}
    if secret := run_secret(row):
        made = (find_key(secret, key_id) for key_id in key_ids)
        found |= {key.key_id: bytes.fromhex(key.key) for key in made if key}
    return found


def content_key(row: models.BroadcastRow) -> bytes:
    """What seals all of it, unless its runs have keys of their own."""
    return _sealed(row)[:KEY_BYTES]


def run_secret(row: models.BroadcastRow) -> bytes:
    """What the keys of its runs are made from; empty for a broadcast from before there were such."""
    return _sealed(row)[KEY_BYTES:]


def run_key(row: models.BroadcastRow, run: Described) -> tuple[UUID, bytes]:
    """The id and the key of what is sealed in this run."""
    if not run.key_number:
        return row.key_id, content_key(row)
    key = key_of_run(run_secret(row), run.key_number)
    return UUID(key.key_id), bytes.fromhex(key.key)


def _sealed(row: models.BroadcastRow) -> bytes:
    return crypto.unseal(bytes(row.sealed_key), context=content_context(row.key_id))


def find_stream_key(channel_id: UUID, editor_id: UUID) -> str | None:
    """What the channel's encoder sends with, in the clear: for whoever may go live, after a proof."""
    row = models.StreamKeyRow.objects.filter(pk=channel_id).first()
    if row is None or not may(editor_id, Permission.EDIT_TITLES, channel_id):
        return None
    return crypto.unseal(bytes(row.sealed_key), context=stream_context(channel_id)).decode()


def record_of(row: models.BroadcastRow) -> Broadcast:
    return Broadcast(
        id=row.id,
        channel_id=row.channel_id,
        name=row.name,
        words=row.words,
        poster_id=row.poster_id,
        token=row.token,
        starts_at=row.starts_at,
        sequence=row.sequence,
        access=Access(row.access),
        tier=row.tier,
        is_listed=row.is_listed,
        starts_by_itself=row.starts_by_itself,
        replay=Replay(row.replay),
        latency=Latency(row.latency),
        state=State(row.state),
        on_air_at=row.on_air_at,
        ended_at=row.ended_at,
        recording_title_id=row.recording_title_id,
        signal=Signal(row.heard_at, row.is_sending, row.figures, row.problem),
    )

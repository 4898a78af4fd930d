"""Rooms for tests, and what is said in them without a broker."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from footlights.catalog.records import Channel
from footlights.engagement.models import BanRow, ViewerRow
from footlights.engagement.operations.enter_room import Came
from footlights.engagement.operations.keep_replay import keep_replay
from footlights.engagement.operations.open_room import open_room
from footlights.engagement.operations.take_said import Outcome, take_said
from footlights.engagement.records import Replay, Room, Said
from footlights.engagement.replaying import find_replay
from footlights.engagement.subjects import Kind
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.live.events import Part

BEGAN = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)  # of PARTS: a minute was sent, and half of one after half of one
PARTS = (
    Part(BEGAN.timestamp(), starts_ms=0, length_ms=60_000),
    Part(BEGAN.timestamp() + 90, starts_ms=60_000, length_ms=30_000),
)
_number = count(1)


def make_room(channel: Channel) -> Room:
    return open_room(subject=f"broadcast:{new_id()}", channel_id=channel.id, by_id=None, at=now())


def make_replay(room: Room, title_id: UUID | None = None, parts: Sequence[Part] = PARTS) -> Replay:
    """Played with a title, or with one that nobody made."""
    title_id = title_id or new_id()
    keep_replay(room_subject=room.subject, title_id=title_id, parts=parts)
    found = find_replay(title_id)
    assert found
    return found


def make_viewer(room: Room, person: Any) -> UUID:
    """Their id in the room, as if they had come in."""
    return ViewerRow.objects.create(room_id=room.id, person_id=person.id, created_at=now()).pk


def came(browser: str = "") -> Came:
    """With a browser of their own, from one network of all."""
    return Came(browser or new_id().hex, "203.0.113.0/24")


def make_ban(channel: Channel, person: Any) -> UUID:
    """Kept out of the channel's rooms by its owner."""
    row = BanRow.objects.create(channel_id=channel.id, person_id=person.id, by_id=channel.owner_id, at=now())
    return row.pk


def said(room: Room, viewer_id: UUID, kind: Kind, /, **body: Any) -> Said:
    """Under a key of its own, unless one is given."""
    words = {"key": f"said-{next(_number):06}", **body}
    return Said(room.id, kind, viewer_id, json.dumps(words, default=str).encode())


def take(*batch: Said, at: Any = None) -> Outcome:
    return take_said(batch, at=at or now())


def refusals(outcome: Outcome) -> list[str]:
    """What each was answered: "" for what is kept."""
    return [answer.refused for _room_id, _viewer_id, answer in outcome.answers]


def told(outcome: Outcome) -> list[Any]:
    """The changes as they go out."""
    return [msgspec.json.decode(msgspec.json.encode(change)) for _room_id, change in outcome.changes]

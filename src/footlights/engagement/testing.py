"""Rooms for tests, and what is said in them without a broker."""

import json
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from footlights.catalog.records import Channel
from footlights.engagement.models import BanRow, ViewerRow
from footlights.engagement.operations.enter_room import Came
from footlights.engagement.operations.open_room import open_room
from footlights.engagement.operations.take_said import Outcome, take_said
from footlights.engagement.records import Room, Said
from footlights.engagement.subjects import Kind
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id

_number = count(1)


def make_room(channel: Channel) -> Room:
    return open_room(subject=f"broadcast:{new_id()}", channel_id=channel.id, by_id=None, at=now())


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

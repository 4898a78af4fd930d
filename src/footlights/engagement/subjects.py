"""What things are called on the wire. Pure.

`room.<room>.feed` is what everybody reads; `room.<room>.<kind>.<viewer>` is what one viewer says, and only they may;
`room.<room>.to.<viewer>` is what they alone are told; `room.<room>.desk` is for those who look after the room. So the
broker has proved who speaks before we read a byte.
"""

from enum import StrEnum
from uuid import UUID

from footlights.kernel.ids import parse_id


class Kind(StrEnum):
    """What a viewer may say."""

    SAY = "say"
    VOTE = "vote"
    ASK = "ask"
    RAISE = "raise"
    STAFF = "staff"
    REACT = "react"
    WHOLE = "whole"


KEPT = (Kind.SAY, Kind.VOTE, Kind.ASK, Kind.RAISE, Kind.STAFF)  # none of these is lost once it was answered
GUEST_KINDS = (Kind.REACT, Kind.WHOLE)
PERSON_KINDS = (*GUEST_KINDS, Kind.SAY, Kind.VOTE, Kind.ASK, Kind.RAISE)

KEPT_SUBJECTS = tuple(f"room.*.{kind}.*" for kind in KEPT)
_KINDS = frozenset(each.value for each in Kind)
REACTIONS = f"room.*.{Kind.REACT}.*"
ASKED_WHOLE = f"room.*.{Kind.WHOLE}.*"


def feed(room_id: UUID) -> str:
    return f"room.{room_id.hex}.feed"


def said(room_id: UUID, kind: Kind, viewer_id: UUID) -> str:
    return f"room.{room_id.hex}.{kind}.{viewer_id.hex}"


def told(room_id: UUID, viewer_id: UUID) -> str:
    """Where this viewer alone is told what became of what they said."""
    return f"room.{room_id.hex}.to.{viewer_id.hex}"


def whole(room_id: UUID) -> str:
    """Where the room as it is is told, when somebody who was away asks for it."""
    return f"room.{room_id.hex}.{Kind.WHOLE}"


def desk(room_id: UUID) -> str:
    """Where those who look after the room are told what is theirs to decide."""
    return f"room.{room_id.hex}.desk"


def read(subject: str) -> tuple[UUID, Kind, UUID] | None:
    """Room, kind and viewer of what was said; None for what is nobody's word."""
    parts = subject.split(".")
    if len(parts) != 4 or parts[0] != "room" or parts[2] not in _KINDS:  # noqa: PLR2004  room, its id, kind, viewer
        return None
    room_id, viewer_id = parse_id(parts[1]), parse_id(parts[3])
    return (room_id, Kind(parts[2]), viewer_id) if room_id and viewer_id else None

"""What viewers said is taken, a batch at once: kept in one transaction a room, then told and answered."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from footlights.engagement.errors import RefusedError
from footlights.engagement.models import RoomRow
from footlights.engagement.operations.act import act
from footlights.engagement.operations.ask import ask, raise_question
from footlights.engagement.operations.floor import Floor
from footlights.engagement.operations.say import say
from footlights.engagement.operations.vote import vote
from footlights.engagement.records import Answer, Change, Desk, Said
from footlights.engagement.subjects import Kind
from footlights.engagement.wire import Body, read_body, read_key, refusal

logger = logging.getLogger(__name__)

Spoken = list[tuple[UUID, Body]]  # who said it, and what, as it was read
_HANDLERS: dict[Kind, Callable[[Floor, list[tuple[UUID, Any]]], None]] = {
    Kind.SAY: say,
    Kind.VOTE: vote,
    Kind.ASK: ask,
    Kind.RAISE: raise_question,
    Kind.STAFF: act,
}


@dataclass
class Outcome:
    """What is to be sent now that everything is kept: by room, by room to its desk, and by room and viewer."""

    changes: list[tuple[UUID, Change]] = field(default_factory=list)
    desks: list[tuple[UUID, Desk]] = field(default_factory=list)
    answers: list[tuple[UUID, UUID, Answer]] = field(default_factory=list)
    is_anybody_expelled: bool = False

    def add(self, floor: Floor, change: Change | None, desk: Desk | None) -> None:
        """What was kept on `floor`, once that is sure."""
        room_id = floor.room.pk
        if desk is not None:
            self.desks.append((room_id, desk))
        if change is not None:
            self.changes.append((room_id, change))
        self.answers += [(room_id, viewer_id, answer) for viewer_id, answer in floor.answers]
        self.is_anybody_expelled |= bool(floor.expelled)


def take_said(batch: Iterable[Said], *, at: datetime) -> Outcome:
    """Keep a batch, in the order it came. What was kept before is answered the same and changes nothing.

    Each room's row is locked while its part is kept, so several processes may take from one room. Raises DatabaseError
    when the database is away: nothing of that room was kept then; take the batch again.
    """
    outcome = Outcome()
    for room_id, said in groupby(sorted(batch, key=attrgetter("room_id")), key=attrgetter("room_id")):
        _take_in_room(room_id, list(said), at, outcome)
    return outcome


def _take_in_room(room_id: UUID, batch: list[Said], at: datetime, outcome: Outcome) -> None:
    try:
        _keep(room_id, batch, at, outcome)
    except DatabaseError:
        raise
    except Exception:
        if len(batch) == 1:
            logger.exception("a %s in room %s could not be taken and is dropped", batch[0].kind, room_id)
            outcome.answers.append((room_id, batch[0].viewer_id, refusal(batch[0].body, "broken")))
            return
        for each in batch:  # one that breaks costs the others nothing
            _take_in_room(room_id, [each], at, outcome)


def _keep(room_id: UUID, batch: Sequence[Said], at: datetime, outcome: Outcome) -> None:
    with transaction.atomic():
        room = RoomRow.objects.select_for_update(no_key=True).filter(pk=room_id).first()
        if room is None:
            return
        if room.closed_at is not None:
            outcome.answers += [(room_id, each.viewer_id, refusal(each.body, "over")) for each in batch]
            return
        floor = Floor.take(room, (each.viewer_id for each in batch), at)
        for kind, run in groupby(batch, key=attrgetter("kind")):
            _HANDLERS[kind](floor, _read(floor, kind, run))
        change, desk = floor.leave()
    outcome.add(floor, change, desk)


def _read(floor: Floor, kind: Kind, run: Iterable[Said]) -> Spoken:
    """What can be read of it; the rest is answered."""
    read: Spoken = []
    for each in run:
        try:
            read.append((each.viewer_id, read_body(kind, each.body)))
        except RefusedError as error:
            floor.answer(each.viewer_id, read_key(each.body), refused=error.code)
    return read

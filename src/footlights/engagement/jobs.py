"""Thin: ids in, one operation called."""

from uuid import UUID

from footlights.engagement.operations import open_room as rooms
from footlights.engagement.operations.return_tips import return_tips
from footlights.kernel.clock import now
from footlights.kernel.jobs import job


@job(cron="* * * * * 20", tries=1)
def return_unanswered(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    return_tips(at=now())


@job(tries=10)
def close_room(room_id: str) -> None:
    rooms.close_room(room_id=UUID(room_id), by_id=None, at=now())

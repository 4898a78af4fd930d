"""What happens in rooms by itself: polls close, tips are heard of once they arrived, whom a ban met is put out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.engagement.models import GivenRow, PollRow, RoomRow
from footlights.engagement.operations.catch import hear_of_caught
from footlights.engagement.operations.floor import Floor
from footlights.engagement.operations.hear_tips import hear_tips
from footlights.engagement.operations.take_said import Outcome
from footlights.engagement.records import PollState

ROOMS_AT_ONCE = 200


def keep_time(*, at: datetime) -> Outcome:
    """Do what is due by now, in each room that has some; what is to be told of it. Three queries when nothing is.

    Each room's row is locked meanwhile, so that several processes may, and each thing happens once.
    """
    outcome = Outcome()
    due = PollRow.objects.filter(state=PollState.OPEN, closes_at__lte=at).values_list("room_id", flat=True)
    unheard = GivenRow.objects.filter(heard_at=None).values_list("room_id", flat=True)
    for room_id in sorted({*due[:ROOMS_AT_ONCE], *unheard[:ROOMS_AT_ONCE]}):
        with transaction.atomic():
            room = RoomRow.objects.select_for_update(no_key=True).get(pk=room_id)
            floor = Floor.take(room, (), at)
            _close_polls(floor)
            hear_tips(floor)
            change, desk = floor.leave()
        outcome.add(floor, change, desk)
    outcome.is_anybody_expelled |= hear_of_caught(at=at)
    return outcome


def _close_polls(floor: Floor) -> None:
    for row in PollRow.objects.filter(room=floor.room, state=PollState.OPEN, closes_at__lte=floor.at):
        row.state, row.closed_at = PollState.CLOSED, row.closes_at
        row.save(update_fields=["state", "closed_at"])
        floor.polls[row.pk] = row
        _tell(floor, row.pk)


def _tell(floor: Floor, poll_id: UUID) -> None:
    record(
        act=Act.POLL_CLOSED,
        object_kind="poll",
        object_id=poll_id,
        actor_id=None,
        channel_id=floor.room.channel_id,
        after={"room": floor.room.subject},
    )

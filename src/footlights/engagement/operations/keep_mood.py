"""What was felt in rooms is kept, and those who look after them are told how it goes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from footlights.engagement.models import RoomRow
from footlights.engagement.mood.gauge import Felt
from footlights.engagement.mood.models import MoodRow, MoodTurnRow
from footlights.engagement.queries import latest_mood
from footlights.engagement.records import Mood

TURNS_KEPT_FOR = timedelta(hours=1)


def keep_mood(felt: Iterable[Felt], *, turn_id: UUID, at: datetime) -> dict[UUID, Mood]:
    """Add what one process felt in the turn that began `at`; others add theirs. What is new of each room's mood.

    Safe to repeat with the same `turn_id`, for an hour: whoever lost the connection knows not whether it was kept.
    """
    by_place = {(each.room_id, each.language): each for each in felt}
    with transaction.atomic():
        rooms = set(
            RoomRow.objects.filter(pk__in={room_id for room_id, _language in by_place}, closed_at=None)
            .values_list("pk", flat=True)
            .order_by()
        )
        there = sorted((place for place in by_place if place[0] in rooms), key=str)  # one order for all processes
        _turn, is_new = MoodTurnRow.objects.get_or_create(id=turn_id, defaults={"at": at})
        if is_new:
            _add([by_place[place] for place in there], at)
            MoodTurnRow.objects.filter(at__lt=at - TURNS_KEPT_FOR).delete()
    return {room_id: latest_mood(room_id, at) for room_id in rooms}


def _add(felt: list[Felt], at: datetime) -> None:
    empty = [MoodRow(room_id=each.room_id, at=at, language=each.language) for each in felt]
    MoodRow.objects.bulk_create(empty, ignore_conflicts=True)
    for each in felt:
        MoodRow.objects.filter(room_id=each.room_id, at=at, language=each.language).update(
            people=F("people") + each.people, warm=F("warm") + each.warm, cold=F("cold") + each.cold
        )

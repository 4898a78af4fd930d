"""What was felt in rooms is kept, and those who look after them are told how it goes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from footlights.engagement.models import MoodRow, RoomRow
from footlights.engagement.mood.gauge import Felt
from footlights.engagement.queries import latest_mood
from footlights.engagement.records import Mood


def keep_mood(felt: Iterable[Felt], *, at: datetime) -> dict[UUID, Mood]:
    """Add what one process felt in the turn that began `at`; others add theirs. What is new of each room's mood.

    Not safe to repeat: a turn that is lost is not missed, one that counts twice would mislead.
    """
    by_place = {(each.room_id, each.language): each for each in felt}
    with transaction.atomic():
        rooms = set(
            RoomRow.objects.filter(pk__in={room_id for room_id, _language in by_place}, closed_at=None)
            .values_list("pk", flat=True)
            .order_by()
        )
        there = sorted((place for place in by_place if place[0] in rooms), key=str)  # one order for all processes
        MoodRow.objects.bulk_create(
            [MoodRow(room_id=room_id, at=at, language=language) for room_id, language in there], ignore_conflicts=True
        )
        for room_id, language in there:
            each = by_place[room_id, language]
            MoodRow.objects.filter(room_id=room_id, at=at, language=language).update(
                people=F("people") + each.people, warm=F("warm") + each.warm, cold=F("cold") + each.cold
            )
    return {room_id: latest_mood(room_id, at) for room_id in rooms}

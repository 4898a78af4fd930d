"""What is kept of what was felt in rooms: counts alone. Fields and constraints only."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class MoodTurnRow(models.Model):
    """That what one process felt in a turn is counted: told again after a lost connection, it is counted once."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "engagement_mood_turn"

    def __str__(self) -> str:
        return f"turn {self.id} at {self.at}"


class MoodRow(models.Model):
    """How many were heard in a room in ten seconds, by language, and how many were warm or cold: counts alone."""

    room = models.ForeignKey("engagement.RoomRow", models.CASCADE, related_name="moods")
    at = models.DateTimeField()
    language = models.CharField(max_length=2, blank=True)  # "": reactions, and languages that are not read
    people = models.PositiveIntegerField(default=0)
    warm = models.PositiveIntegerField(default=0)
    cold = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "engagement_mood"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "at", "language"], name="engagement_mood_once_a_turn"),
            models.CheckConstraint(condition=Q(people__gte=F("warm") + F("cold")), name="engagement_mood_of_people"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} at {self.at}"

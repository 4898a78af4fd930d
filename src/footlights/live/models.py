"""Broadcasts, the keys that encoders send with, and what arrives. Fields and constraints only."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.ingest.api import Latency
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id, new_token
from footlights.live.records import Access, Replay, State


class BroadcastRow(models.Model):
    """One event, however often its sender comes and goes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField()
    name = models.CharField(max_length=150)
    words = models.TextField(blank=True)
    poster_id = models.UUIDField(null=True)  # None: what the channel has
    token = models.CharField(max_length=40, unique=True, default=new_token)  # the page's address
    starts_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)  # how often calendars have to hear something new (RFC 5545)
    access = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Access])
    tier = models.SmallIntegerField(null=True)
    is_listed = models.BooleanField(default=True)
    starts_by_itself = models.BooleanField(default=False)
    replay = models.CharField(
        max_length=6, choices=[(each.value, each.value) for each in Replay], default=Replay.SHARED.value
    )
    latency = models.CharField(
        max_length=8, choices=[(each.value, each.value) for each in Latency], default=Latency.STANDARD.value
    )
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in State], default=State.PLANNED.value
    )
    on_air_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=40, unique=True, default=new_token)  # where the edge serves it
    key_id = models.UUIDField(unique=True, default=new_id)
    sealed_key = models.BinaryField()
    node = models.CharField(max_length=32, blank=True)  # the ingest that carries it
    heard_at = models.DateTimeField(null=True)
    is_sending = models.BooleanField(default=False)
    figures = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True)
    recording_upload_id = models.UUIDField(null=True)
    recording_title_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "live_broadcast"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(access="members", tier__isnull=False, tier__gt=0)
                | Q(access__in=["everybody", "followers"], tier__isnull=True)
                | Q(Q(tier__isnull=True) | Q(tier__gt=0), access="tickets"),
                name="live_broadcast_members_have_a_tier",
            ),
            models.CheckConstraint(
                condition=~Q(state="on_air") | Q(on_air_at__isnull=False), name="live_broadcast_on_air_since"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "cancelled"]) | Q(ended_at__isnull=False),
                name="live_broadcast_over_since",
            ),
            models.UniqueConstraint(
                fields=["channel_id"], condition=Q(state="on_air"), name="live_broadcast_one_on_air_a_channel"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel_id", "-starts_at"], name="live_broadcast_of_channel"),
            models.Index(
                fields=["starts_at"], condition=Q(state__in=["planned", "on_air"]), name="live_broadcast_to_come"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReminderRow(models.Model):
    """Somebody asked for a mail before it begins. `told_start` is the beginning that their mail told of."""

    id = models.BigAutoField(primary_key=True)
    broadcast = models.ForeignKey(BroadcastRow, on_delete=models.CASCADE, related_name="reminders")
    person_id = models.UUIDField(db_index=True)
    asked_at = models.DateTimeField()
    told_start = models.DateTimeField(null=True)

    class Meta:
        db_table = "live_reminder"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["broadcast", "person_id"], name="live_reminder_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.broadcast_id}"


class StreamKeyRow(models.Model):
    """What a channel's encoder sends with. A new one ends the old."""

    channel_id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(unique=True)
    sealed_key = models.BinaryField()
    since = models.DateTimeField()

    class Meta:
        db_table = "live_streamkey"

    def __str__(self) -> str:
        return str(self.channel_id)

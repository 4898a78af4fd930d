"""Screens, how far people are, view counts, and where a channel's player may be embedded. Ids only, no names."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from footlights.kernel.ids import new_id


class Screen(models.Model):
    """One player that plays one title. Alive while `ended_at` is empty and it beats."""

    class EndReason(models.TextChoices):
        STOPPED = "stopped"  # the viewer left
        DISPLACED = "displaced"  # too many screens: a newer one took the place
        NO_TICKET = "no_ticket"  # may_watch said no at a renewal
        SIGNED_OUT = "signed_out"  # the sign-in it belonged to was ended

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = (
        models.UUIDField()
    )  # whose places it counts against: the viewer, or the browser session of an anonymous one
    viewer_id = models.UUIDField(null=True)
    session_digest = models.BinaryField(max_length=32)  # of the browser session the token is bound to
    title_id = models.UUIDField()
    asset_id = models.UUIDField()
    duration_ms = models.PositiveIntegerField()
    view_at_ms = models.PositiveIntegerField()  # played time that makes it a view
    credits_at_ms = models.PositiveIntegerField()  # position from which it counts as finished
    device = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)  # of the newest beat taken
    position_ms = models.PositiveIntegerField(default=0)
    watched_ms = models.PositiveIntegerField(default=0)
    counted_by_sequence = models.PositiveIntegerField(null=True)  # the beat that made it a view
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, null=True)  # noqa: DJ001  null is "not ended"
    ended_by_device = models.CharField(max_length=60, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index("holder", "last_beat_at", name="playback_screen_alive", condition=Q(ended_at=None)),
            models.Index("session_digest", "title_id", "started_at", name="playback_screen_counted",
                         condition=Q(counted_by_sequence__isnull=False)),
            models.Index("last_beat_at", name="playback_screen_age"),
            models.Index("viewer_id", "started_at", name="playback_screen_of",
                         condition=Q(viewer_id__isnull=False)),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason=None) | Q(ended_at__isnull=False, end_reason__isnull=False),
                name="playback_screen_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(last_beat_at__gte=F("started_at")), name="playback_screen_beats_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} in {self.device}"


class WatchProgress(models.Model):
    """How far a person is in a title: the newest position any of their screens told."""

    viewer_id = models.UUIDField()
    title_id = models.UUIDField()
    position_ms = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField()
    finished = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["viewer_id", "title_id"], name="playback_watchprogress_one_each"),
        ]
        indexes: ClassVar = [models.Index("viewer_id", F("at").desc(), name="playback_watchprogress_recent")]

    def __str__(self) -> str:
        return f"{self.title_id} at {self.position_ms} ms"

    @property
    def percent(self) -> int:
        """All of it once its end was reached, however far back somebody went after that."""
        return 100 if self.finished else min(100, 100 * self.position_ms // max(1, self.duration_ms))


class DailyViews(models.Model):
    """How often a title was viewed on one day (UTC), without saying by whom."""

    title_id = models.UUIDField()
    day = models.DateField()
    views = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["title_id", "day"], name="playback_dailyviews_one_each")
        ]

    def __str__(self) -> str:
        return f"{self.title_id} on {self.day}: {self.views}"


class ChannelEmbedding(models.Model):
    """Where a channel's player may appear besides our own site. No row: nowhere else."""

    channel_id = models.UUIDField(primary_key=True)
    anywhere = models.BooleanField()
    domains = ArrayField(models.CharField(max_length=253))
    edited_by = models.UUIDField()
    edited_at = models.DateTimeField()

    def __str__(self) -> str:
        return "anywhere" if self.anywhere else ", ".join(self.domains)

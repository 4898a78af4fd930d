"""Alerts, where they go, and what is not told for a while."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from footlights.alerts.kinds import Kind
from footlights.alerts.records import Alert, Check, CheckLevel, Delivery, Destination, Silence
from footlights.kernel.ids import new_id


class AlertRow(models.Model):
    """Something unusual, from its first moment until it has been quiet. Of a kind and subject one at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    words = models.TextField()
    count = models.IntegerField()
    window_s = models.IntegerField()
    usual = models.FloatField()
    facts = models.JSONField()
    records = ArrayField(models.CharField(max_length=36))
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    acknowledged_count = models.IntegerField(null=True)
    told_again_at = models.DateTimeField(null=True)  # it grew since somebody looks after it
    is_silenced = models.BooleanField()

    class Meta:
        db_table = "alerts_alert"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(ended_at=None), name="alerts_alert_once")
        ]
        indexes: ClassVar = [models.Index(fields=["-opened_at"], name="alerts_alert_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def to_record(self) -> Alert:
        kind = Kind.of(self.kind)
        return Alert(
            id=self.id,
            kind=self.kind,
            title=str(kind.words),
            severity=kind.severity,
            anchor=kind.anchor,
            subject=self.subject,
            words=self.words,
            count=self.count,
            window_s=self.window_s,
            usual=self.usual,
            facts=self.facts,
            records=tuple(self.records),
            opened_at=self.opened_at,
            last_at=self.last_at,
            ended_at=self.ended_at,
            acknowledged_at=self.acknowledged_at,
            acknowledged_by=self.acknowledged_by,
            told_again_at=self.told_again_at,
            is_silenced=self.is_silenced,
        )


class SilenceRow(models.Model):
    """Until then alerts of this kind (and subject, if there is one) are listed, but nobody is told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=100, blank=True)
    until = models.DateTimeField()
    by = models.UUIDField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "alerts_silence"

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} until {self.until}"

    def to_record(self) -> Silence:
        return Silence(
            self.id, self.kind, str(Kind.of(self.kind).words), self.subject, self.until, self.by, self.reason
        )


class DestinationRow(models.Model):
    """A receiver. Whoever knows a chat's address can write into it, so addresses and secrets are sealed."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook"  # Standard Webhooks, signed
        SLACK = "slack"  # and whatever takes the same: Mattermost, Rocket.Chat
        DISCORD = "discord"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=255)
    sealed_url = models.BinaryField()
    sealed_key = models.BinaryField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "alerts_destination"

    def __str__(self) -> str:
        return self.name

    def to_record(self) -> Destination:
        return Destination(self.id, self.kind, self.name, self.host, self.made_at)


class DeliveryRow(models.Model):
    """One alert on its way to one destination; without a destination, to the administrators by mail."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(AlertRow, on_delete=models.CASCADE, related_name="deliveries")
    destination = models.ForeignKey(DestinationRow, on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.CharField(max_length=60)  # what the destination was called
    is_mail = models.BooleanField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.IntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alerts_delivery"

    def __str__(self) -> str:
        return f"{self.alert_id} to {self.to}"

    def to_record(self) -> Delivery:
        return Delivery(self.id, self.alert_id, self.to, self.state, self.tries, self.problem, self.delivered_at)


class WatchRow(models.Model):
    """The one row that says how far the trail was looked at, and when anybody last looked."""

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    reached: Any = models.JSONField()
    looked_at = models.DateTimeField()

    class Meta:
        db_table = "alerts_watch"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="alerts_watch_only_one")]

    def __str__(self) -> str:
        return f"looked at {self.looked_at}"


class CheckRow(models.Model):
    """What a machine's last check of one of its parts saw."""

    machine = models.CharField(max_length=100)
    place = models.SmallIntegerField()
    what = models.CharField(max_length=40)
    seen = models.CharField(max_length=400)
    level = models.CharField(max_length=5)
    mend = models.CharField(max_length=400, blank=True)
    looked_at = models.DateTimeField()

    class Meta:
        db_table = "alerts_check"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["machine", "place"], name="alerts_check_once"),
            models.CheckConstraint(condition=Q(level__in=["good", "note", "wrong"]), name="alerts_check_level"),
        ]

    def __str__(self) -> str:
        return f"{self.machine} {self.what}: {self.seen}"

    def to_record(self) -> Check:
        return Check(self.machine, self.what, self.seen, CheckLevel(self.level), self.mend, self.looked_at)


class HourRow(models.Model):
    """How much of a series fell into an hour (since 1970): what the same hour of later weeks is measured against."""

    series = models.CharField(max_length=20)
    hour = models.IntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "alerts_hour"
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "hour"], name="alerts_hour_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.hour}: {self.count}"


class CountryRow(models.Model):
    """From which countries an account has signed in."""

    account = models.CharField(max_length=36)
    country = models.CharField(max_length=2)
    since = models.DateTimeField()

    class Meta:
        db_table = "alerts_country"
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "country"], name="alerts_country_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.country}"

"""What was sent, what became of it, and where it is kept.

Fields and constraints only; the verbs live in operations/.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id, new_token


class Upload(models.Model):
    """A file on its way in. The row is the truth about how much of it has arrived."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        COMPLETE = "complete"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField(db_index=True)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    size_bytes = models.BigIntegerField()
    offset_bytes = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="media_upload_is_not_empty"),
            models.CheckConstraint(
                condition=Q(offset_bytes__gte=0, offset_bytes__lte=F("size_bytes")),
                name="media_upload_offset_is_inside",
            ),
            models.CheckConstraint(
                condition=~Q(state="complete") | Q(offset_bytes=F("size_bytes")), name="media_upload_complete_is_whole"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(state="receiving"), name="media_upload_to_expire")
        ]

    def __str__(self) -> str:
        return self.filename


class SourcePart(models.Model):
    """One sealed piece of an upload. The parts of a complete upload, in order, are its encrypted source."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset_bytes = models.BigIntegerField()
    size_bytes = models.IntegerField()
    object_key = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "offset_bytes"], name="media_part_follows_once"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="media_part_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.object_key


class Asset(models.Model):
    """A film or a recording made from an upload, and how far its way to the screen has come."""

    class State(models.TextChoices):
        QUEUED = "queued"
        PROBING = "probing"
        TRANSCODING = "transcoding"
        PACKAGING = "packaging"
        PLAYABLE = "playable"
        READY = "ready"
        REJECTED = "rejected"
        FAILED = "failed"

    class Step(models.TextChoices):
        """The one job that comes next. A job whose step is not the asset's has nothing to do."""

        PROBE = "probe"
        FIRST = "first"
        PACKAGE_FIRST = "package_first"
        REST = "rest"
        PACKAGE_ALL = "package_all"
        NONE = "none"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField(db_index=True)
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="asset")
    filename = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=14, choices=Step, default=Step.PROBE)
    step_percent = models.SmallIntegerField(default=0)
    step_seconds_left = models.IntegerField(null=True)
    step_started = models.BooleanField(default=False)
    starts = models.SmallIntegerField(default=0)  # of this step, also those a killed worker left
    crashes = models.SmallIntegerField(default=0)  # of this step's programs
    failure = models.CharField(max_length=300, blank=True)
    notice = models.CharField(max_length=300, blank=True)  # why it waits, when it does
    facts = models.JSONField(default=dict)  # what probing found: probing.Facts
    kind = models.CharField(max_length=5, choices=[("video", "video"), ("audio", "audio")], blank=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    duration_ms = models.BigIntegerField(null=True)
    package = models.ForeignKey("Package", on_delete=models.PROTECT, null=True, related_name="+")
    stills_token = models.CharField(max_length=40, default=new_token)  # poster candidates and storyboard live under it
    storyboard_path = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["playable", "ready"]) | Q(package__isnull=False),
                name="media_asset_playable_has_package",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "failed"]) | ~Q(failure=""), name="media_asset_failure_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["updated_at"], condition=~Q(step="none"), name="media_asset_under_way")
        ]

    def __str__(self) -> str:
        return self.filename


class ContentKey(models.Model):
    """The key that opens an asset's segments, sealed. Its id is public, in every manifest."""

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="content_key")
    key_id = models.UUIDField(unique=True)
    sealed_key = models.BinaryField()
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.key_id.hex


class Rendition(models.Model):
    """One finished encode, kept sealed until the last package is made, so that a killed worker need not repeat it."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=10)  # "audio", or the height of the ladder's rung
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    size_bytes = models.BigIntegerField()
    object_prefix = models.CharField(max_length=200, blank=True)  # "" once it is only in the package

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["asset", "name"], name="media_rendition_made_once")]

    def __str__(self) -> str:
        return self.name


class Package(models.Model):
    """Segments and manifests under one unguessable path. Written before it is referenced, never changed after.

    Retired from the start until it is published, and again once another took its place.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="packages")
    token = models.CharField(max_length=40, unique=True)
    heights = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.token


class Picture(models.Model):
    """A picture in several widths, AVIF and WebP, re-encoded from what was sent or from a film's frame."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField(db_index=True)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, null=True, related_name="stills")
    purpose = models.CharField(max_length=10)
    token = models.CharField(max_length=50, unique=True)  # a path of one or two parts under media/
    width = models.IntegerField()
    height = models.IntegerField()
    widths = models.JSONField()
    color = models.CharField(max_length=7)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.purpose} {self.width}×{self.height}"


class Captions(models.Model):
    """One language's captions as clean WebVTT."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=35)
    token = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asset", "language"], name="media_captions_once_a_language")
        ]

    def __str__(self) -> str:
        return self.language

"""Channels, titles and their addresses, and collections of titles."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from footlights.accounts.api import TEAM_ROLES
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id


class Channel(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField(db_index=True)
    handle = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    description = models.TextField(max_length=5000, blank=True)
    avatar_id = models.UUIDField(null=True)
    banner_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    search = models.GeneratedField(
        expression=models.Func("name", "handle", function="catalog_channel_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("handle"), name="catalog_channel_handle_unique"),
            models.CheckConstraint(
                condition=Q(handle__regex=r"^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$"), name="catalog_channel_handle_plain"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["search"], name="catalog_channel_search")]

    def __str__(self) -> str:
        return f"@{self.handle}"


class Member(models.Model):
    """Somebody of a channel's team, and as what. Its owner is not among them."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="team")
    person_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=20)
    since = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "person_id"], name="catalog_member_once_a_channel"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in TEAM_ROLES]), name="catalog_member_role_of_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.channel_id}"


class Follower(models.Model):
    """Somebody who follows a channel: it costs nothing, and opens what is for followers."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="followers")
    person_id = models.UUIDField(db_index=True)
    since = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "person_id"], name="catalog_follower_once_a_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.channel_id}"


class Invitation(models.Model):
    """An offer to join a channel's team, good once and for a while.

    `digest` is that of the token in the mailed link. The address it went to is sealed; `address_digest` (keyed) finds
    an earlier invitation of the same address.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32, unique=True)
    sealed_address = models.BinaryField()
    address_digest = models.CharField(max_length=64)
    invited_by = models.UUIDField()
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "address_digest"], name="catalog_invitation_once_a_channel"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in TEAM_ROLES]), name="catalog_invitation_role_of_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"to be {self.role} of {self.channel_id}"


class Title(models.Model):
    """`state` says who may find it, `publish_at` when it came or comes out, `playable_at` since when it plays."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SCHEDULED = "scheduled"
        UNLISTED = "unlisted"
        PUBLISHED = "published"
        DELETED = "deleted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="titles")
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=150)
    description = models.TextField(max_length=5000, blank=True)
    language = models.CharField(max_length=35, blank=True)
    category = models.CharField(max_length=30, blank=True)
    tags = ArrayField(models.CharField(max_length=30), size=15, default=list, blank=True)
    maturity = models.CharField(max_length=10, default="all")
    credit = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=5, default="video")
    duration_ms = models.PositiveBigIntegerField(default=0)
    poster_id = models.UUIDField(null=True)

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    state_before_deletion = models.CharField(max_length=10, choices=State, blank=True)
    publish_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    upload_id = models.UUIDField(null=True, unique=True)
    asset_id = models.UUIDField(null=True, unique=True)
    next_asset_id = models.UUIDField(null=True, unique=True)
    trailer_upload_id = models.UUIDField(null=True, unique=True)
    trailer_asset_id = models.UUIDField(null=True, unique=True)
    next_trailer_asset_id = models.UUIDField(null=True, unique=True)
    playable_at = models.DateTimeField(null=True)

    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)

    search = models.GeneratedField(
        expression=models.Func("name", "tags", "credit", "description", function="catalog_title_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    trigrams = models.GeneratedField(
        expression=models.Func("name", function="catalog_trigrams"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "slug"], name="catalog_title_slug_unique"),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False), name="catalog_scheduled_has_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(state="deleted", deleted_at__isnull=False)
                | (~Q(state="deleted") & Q(deleted_at__isnull=True)),
                name="catalog_deleted_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(playable_at__isnull=True) | Q(asset_id__isnull=False), name="catalog_playable_has_an_asset"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "-created_at"], name="catalog_title_of_channel"),
            models.Index(
                fields=["-publish_at"],
                name="catalog_title_newest",
                condition=Q(state__in=["published", "scheduled"], playable_at__isnull=False),
            ),
            models.Index(
                fields=["category", "-publish_at"],
                name="catalog_title_of_category",
                condition=Q(state__in=["published", "scheduled"], playable_at__isnull=False),
            ),
            models.Index(fields=["publish_at"], name="catalog_title_due", condition=Q(state="scheduled")),
            models.Index(
                fields=["deleted_at"], name="catalog_title_undo", condition=Q(state="deleted", purged_at__isnull=True)
            ),
            GinIndex(fields=["search"], name="catalog_title_search"),
            GinIndex(fields=["trigrams"], name="catalog_title_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name


class Chapter(models.Model):
    """A part of a title, until the next begins."""

    id = models.BigAutoField(primary_key=True)
    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="chapters")
    starts_ms = models.PositiveBigIntegerField()
    name = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["title", "starts_ms"], name="catalog_chapter_begins_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OldAddress(models.Model):
    """A slug a title had in public. Links to it keep leading there; no other title of the channel may take it."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=100)
    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="old_addresses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "slug"], name="catalog_old_address_unique"),
        ]

    def __str__(self) -> str:
        return self.slug


class Collection(models.Model):
    """Titles of one channel that belong together, in an order: a collection, or a season of a series."""

    class Kind(models.TextChoices):
        COLLECTION = "collection"
        SEASON = "season"

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        DELETED = "deleted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="collections")
    slug = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=150)
    series = models.CharField(max_length=150, blank=True)  # of a season: what its seasons have in common
    number = models.PositiveSmallIntegerField(null=True)  # of a season: which of the series it is
    description = models.TextField(max_length=5000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)

    search = models.GeneratedField(
        expression=models.Func("name", "series", function="catalog_channel_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "slug"], name="catalog_collection_slug_unique"),
            models.CheckConstraint(
                condition=Q(kind="season") | Q(series="", number__isnull=True), name="catalog_collection_of_a_series"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["search"], name="catalog_collection_search")]

    def __str__(self) -> str:
        return self.name


class CollectionTitle(models.Model):
    """That a title stands in a collection, at a place counted from 1."""

    id = models.BigAutoField(primary_key=True)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="places")
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="places")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "title"], name="catalog_collection_title_once"),
            models.UniqueConstraint(
                fields=["collection", "place"],
                name="catalog_collection_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="catalog_collection_place_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.collection_id}"

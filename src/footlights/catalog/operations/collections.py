"""Make collections, say what they are called, put them out and take them away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, changed, record, shortened
from footlights.catalog import collecting, models, policies
from footlights.catalog.membership import managed_by
from footlights.catalog.records import Collection, CollectionChanges, CollectionKind, CollectionState
from footlights.kernel.errors import InvalidInputError, NotFoundError

TOLD = ("name", "series", "number", "description", "state")


@transaction.atomic
def create_collection(
    *, channel_id: UUID, editor_id: UUID, kind: CollectionKind, at: datetime, **words: Unpack[CollectionChanges]
) -> Collection:
    """Make an empty one that only its makers see. Its address comes from its name and stays.

    Locks the channel, so that two of one name get two addresses. Raises NotFoundError to strangers, InvalidInputError.
    """
    mine = managed_by(editor_id, Permission.EDIT_TITLES, channel="")
    channel = models.Channel.objects.select_for_update(no_key=True).filter(mine, pk=channel_id).first()
    if channel is None:
        raise NotFoundError("There is no such channel.")
    if channel.collections.exclude(state="deleted").count() >= policies.MAX_COLLECTIONS_PER_CHANNEL:
        raise InvalidInputError(_("You have as many collections as one channel may have."))
    row = models.Collection(channel=channel, kind=kind, created_at=at, updated_at=at)
    _edit(row, {"name": "", **words})
    row.slug = _free_slug(row)
    row.save(force_insert=True)
    _tell(Act.COLLECTION_MADE, row, {}, {"name": row.name})
    return collecting.get_collection(row.pk)


@transaction.atomic
def edit_collection(
    *, collection_id: UUID, editor_id: UUID, at: datetime, **changes: Unpack[CollectionChanges]
) -> Collection:
    """Change what is given. Locks the collection. Raises NotFoundError to strangers, InvalidInputError."""
    row = lock_collection(collection_id, editor_id)
    was = _facts_of(row)
    _edit(row, changes)
    row.updated_at = at
    row.save(update_fields=["name", "series", "number", "description", "updated_at"])
    before, after = changed(was, _facts_of(row))
    if after:
        _tell(Act.COLLECTION_CHANGED, row, before, after)
    return collecting.get_collection(collection_id)


def publish_collection(*, collection_id: UUID, editor_id: UUID, at: datetime) -> Collection:
    """Let everybody find it. Safe to repeat. Raises NotFoundError to strangers, InvalidInputError while it is empty."""
    return _move(collection_id, editor_id, "published", at)


def unpublish_collection(*, collection_id: UUID, editor_id: UUID, at: datetime) -> Collection:
    """Only its makers see it. What was bought stays bought. Safe to repeat. Raises NotFoundError to strangers."""
    return _move(collection_id, editor_id, "draft", at)


def delete_collection(*, collection_id: UUID, editor_id: UUID, at: datetime) -> Collection:
    """Take it away for good; its titles stay, and so does what was bought. Raises NotFoundError to strangers."""
    return _move(collection_id, editor_id, "deleted", at)


def lock_collection(collection_id: UUID, editor_id: UUID) -> models.Collection:
    """The row of one that is not deleted, locked until the transaction ends, for whoever may edit its titles.

    Raises NotFoundError.
    """
    mine = managed_by(editor_id, Permission.EDIT_TITLES)
    found = models.Collection.objects.filter(mine, pk=collection_id).exclude(state="deleted")
    row = found.select_for_update(no_key=True, of=("self",)).select_related("channel").first()
    if row is None:
        raise NotFoundError("There is no such collection.")
    return row


@transaction.atomic
def _move(collection_id: UUID, editor_id: UUID, state: CollectionState, at: datetime) -> Collection:
    row = lock_collection(collection_id, editor_id)
    if state == "published" and not row.places.exists():
        raise InvalidInputError(_("Put a title into it first: there is nothing to see yet."))
    if row.state != state:
        was = {"state": row.state}
        row.state, row.updated_at = state, at
        if state == "deleted":  # its address may be taken by another
            row.slug = f"deleted-{row.pk.hex}"
        row.save(update_fields=["state", "slug", "updated_at"])
        act = Act.COLLECTION_DELETED if state == "deleted" else Act.COLLECTION_CHANGED
        _tell(act, row, was, {"state": state})
    return collecting.get_collection(collection_id)


def _edit(row: models.Collection, changes: CollectionChanges) -> None:
    if "name" in changes:
        row.name = policies.clean_name(changes["name"])
    if "description" in changes:
        limit = policies.MAX_DESCRIPTION_CHARS
        row.description = policies.clean_text(changes["description"], limit=limit, field="description")
    if row.kind == "season" and "series" in changes:
        series = changes["series"]
        row.series = policies.clean_name(series, field="series") if series.strip() else ""
    if row.kind == "season" and "number" in changes:
        row.number = policies.clean_season_number(changes["number"])


def _free_slug(row: models.Collection) -> str:
    wanted = policies.slug_from(f"{row.series} {row.name}" if row.series else row.name)
    taken = set(row.channel.collections.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in candidates if slug not in taken)


def _facts_of(row: models.Collection) -> dict[str, object]:
    return {name: getattr(row, name) for name in TOLD} | {"description": shortened(row.description)}


def _tell(act: Act, row: models.Collection, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    record(
        act=act,
        object_kind="collection",
        object_id=row.pk,
        channel_id=row.channel_id,
        person_ids=[row.channel.owner_id],
        before=before,
        after={"name": row.name, **after},
    )

"""What stands in a collection, and in which order. Each verb locks the collection and counts its places anew."""

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.catalog import models, policies
from footlights.catalog.events import CollectionGrew
from footlights.catalog.operations.collections import lock_collection
from footlights.kernel import events
from footlights.kernel.errors import InvalidInputError, NotFoundError

Way = Literal["up", "down", "first", "last"]


@transaction.atomic
def add_to_collection(*, collection_id: UUID, editor_id: UUID, title_ids: Some[UUID], at: datetime) -> None:
    """Put titles of the same channel at its end, in the order given; those that stand in it stay where they are.

    Publishes CollectionGrew. Safe to repeat. Raises NotFoundError to strangers, and for a title of another channel;
    InvalidInputError when they are too many.
    """
    row = lock_collection(collection_id, editor_id)
    order = _order(row)
    new = [each for each in dict.fromkeys(title_ids) if each not in set(order)]
    own = models.Title.objects.filter(pk__in=new, channel_id=row.channel_id).exclude(state="deleted")
    if own.count() != len(new):
        raise NotFoundError("There is no such title.")
    if len(order) + len(new) > policies.MAX_TITLES_IN_COLLECTION:
        most = policies.MAX_TITLES_IN_COLLECTION
        raise InvalidInputError(_("A collection holds at most %(most)d titles.") % {"most": most})
    if new:
        _arrange(row, [*order, *new], at)
        events.publish(CollectionGrew(collection_id=row.pk, at=at))


@transaction.atomic
def remove_from_collection(*, collection_id: UUID, editor_id: UUID, title_id: UUID, at: datetime) -> None:
    """Take a title out. Whoever bought the collection while it was in keeps it. Safe to repeat.

    Raises NotFoundError to strangers, InvalidInputError for the last title of one that is out.
    """
    row = lock_collection(collection_id, editor_id)
    order = _order(row)
    if title_id not in order:
        return
    if row.state == "published" and len(order) == 1:
        raise InvalidInputError(
            _("It is the only title of a collection that everybody sees. Hide the collection first.")
        )
    _arrange(row, [each for each in order if each != title_id], at)


@transaction.atomic
def move_in_collection(*, collection_id: UUID, editor_id: UUID, title_id: UUID, way: Way, at: datetime) -> None:
    """One place up or down, or to an end; there already it stays. Raises NotFoundError, for a title not in it too."""
    row = lock_collection(collection_id, editor_id)
    order = _order(row)
    if title_id not in order:
        raise NotFoundError("There is no such title.")
    was = order.index(title_id)
    place = {"up": max(was - 1, 0), "down": was + 1, "first": 0, "last": len(order)}[way]
    order.remove(title_id)
    order.insert(place, title_id)
    _arrange(row, order, at)


def _order(row: models.Collection) -> list[UUID]:
    return list(row.places.order_by("place").values_list("title_id", flat=True))


def _arrange(row: models.Collection, order: Sequence[UUID], at: datetime) -> None:
    """Make `order` what stands in it: places are unique at the end of the transaction, so they may cross on the way."""
    row.places.exclude(title_id__in=order).delete()
    standing = {each.title_id: each for each in row.places.all()}
    moved, new = [], []
    for place, title_id in enumerate(order, start=1):
        found = standing.get(title_id)
        if found is None:
            new.append(models.CollectionTitle(collection=row, title_id=title_id, place=place))
        elif found.place != place:
            found.place = place
            moved.append(found)
    models.CollectionTitle.objects.bulk_update(moved, ["place"])
    models.CollectionTitle.objects.bulk_create(new)
    row.updated_at = at
    row.save(update_fields=["updated_at"])
    record(
        act=Act.COLLECTION_CHANGED,
        object_kind="collection",
        object_id=row.pk,
        channel_id=row.channel_id,
        person_ids=[row.channel.owner_id],
        after={"name": row.name, "titles": len(order)},
    )

"""The one way operations lock titles: by their channel's owner, in primary-key order."""

from collections.abc import Collection
from uuid import UUID

from footlights.catalog import models
from footlights.kernel.errors import NotFoundError


def lock_title(title_id: UUID, editor_id: UUID) -> models.Title:
    """The title's row, locked until the transaction ends. Raises NotFoundError to everybody who does not manage it."""
    return lock_titles([title_id], editor_id)[0]


def lock_titles(title_ids: Collection[UUID], editor_id: UUID) -> list[models.Title]:
    """As lock_title, for many: all of them or none."""
    wanted = set(title_ids)
    found = models.Title.objects.filter(pk__in=wanted, channel__owner_id=editor_id).order_by("pk")
    titles = list(found.select_for_update(no_key=True, of=("self",)).select_related("channel"))
    if not titles or len(titles) != len(wanted):
        raise NotFoundError("There is no such title.")
    return titles

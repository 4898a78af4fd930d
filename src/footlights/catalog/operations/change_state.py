"""The named moves between states (policies.MOVES), for one title or many at once: all of them or none."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog import models, policies, queries
from footlights.catalog.operations.announcing import announce_if_out
from footlights.catalog.operations.locking import lock_titles
from footlights.catalog.operations.telling import tell_all
from footlights.catalog.policies import Move
from footlights.catalog.records import Title
from footlights.kernel.errors import InvalidInputError


def publish_title(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    """Out now, or as soon as its file plays. Publishes TitlePublished the first time it is both. Repeatable."""
    move_titles(title_ids=[title_id], editor_id=editor_id, move="publish", at=at)
    return queries.get_title(title_id)


def schedule_title(*, title_id: UUID, editor_id: UUID, publish_at: datetime, at: datetime) -> Title:
    """Out at `publish_at` by itself. Raises InvalidInputError when that has passed."""
    policies.check_publish_at(publish_at, at)
    move_titles(title_ids=[title_id], editor_id=editor_id, move="schedule", publish_at=publish_at, at=at)
    return queries.get_title(title_id)


def unlist_title(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    """Only who has the address finds it."""
    move_titles(title_ids=[title_id], editor_id=editor_id, move="unlist", at=at)
    return queries.get_title(title_id)


def unpublish_title(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    """Back to draft: nobody but its makers finds it."""
    move_titles(title_ids=[title_id], editor_id=editor_id, move="unpublish", at=at)
    return queries.get_title(title_id)


@transaction.atomic
def move_titles(
    *,
    title_ids: Collection[UUID],
    editor_id: UUID,
    move: Move,
    publish_at: datetime | None = None,
    at: datetime,
) -> int:
    """Make one move with many titles. Locks them. Answers how many.

    Raises NotFoundError when one is not the editor's, WrongStateError when one may not make the move.
    """
    if len(title_ids) > policies.MAX_BULK_TITLES:
        raise InvalidInputError(_("Choose at most %(limit)d titles.") % {"limit": policies.MAX_BULK_TITLES})
    titles = lock_titles(title_ids, editor_id)
    were = [_facts_of(title) for title in titles]
    for title in titles:
        title.state = policies.moved(title.state, move)  # type: ignore[arg-type]  # the column holds only these
        title.publish_at = _moment(title, move, publish_at, at)
        title.updated_at = at
    models.Title.objects.bulk_update(titles, ["state", "publish_at", "updated_at"])
    moved = [(title, was, now) for title, was in zip(titles, were, strict=True) if (now := _facts_of(title)) != was]
    tell_all(Act.TITLE_PUBLICATION_CHANGED, moved)
    for title in titles:
        announce_if_out(title, at=at)
    return len(titles)


def _facts_of(title: models.Title) -> dict[str, object]:
    return {"state": title.state, "publish_at": title.publish_at}


def _moment(title: models.Title, move: Move, publish_at: datetime | None, at: datetime) -> datetime | None:
    """When it came or comes out: the first time stays, a plan that is dropped goes."""
    was_out = title.publish_at is not None and title.publish_at <= at
    if move == "schedule":
        return publish_at
    if move == "publish":
        return title.publish_at if was_out else at
    return title.publish_at if was_out else None

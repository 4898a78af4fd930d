from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog import models, policies, queries
from footlights.catalog.events import TitleDeleted
from footlights.catalog.operations.locking import lock_titles
from footlights.catalog.operations.telling import tell_all
from footlights.catalog.records import Title
from footlights.kernel import events
from footlights.kernel.errors import InvalidInputError


def delete_title(*, title_id: UUID, editor_id: UUID, at: datetime) -> None:
    delete_titles(title_ids=[title_id], editor_id=editor_id, at=at)


@transaction.atomic
def delete_titles(*, title_ids: Collection[UUID], editor_id: UUID, at: datetime) -> int:
    """Take titles away at once; for 30 days restore_titles brings them back, then purge_titles removes them for good.

    Locks them. Deleting what is deleted changes nothing. Publishes TitleDeleted. Raises NotFoundError to strangers.
    """
    if len(title_ids) > policies.MAX_BULK_TITLES:
        raise InvalidInputError(_("Choose at most %(limit)d titles.") % {"limit": policies.MAX_BULK_TITLES})
    titles = [title for title in lock_titles(title_ids, editor_id) if title.state != "deleted"]
    for title in titles:
        title.state_before_deletion = title.state
        title.state = policies.moved(title.state, "delete")  # type: ignore[arg-type]  # the column holds only these
        title.deleted_at = title.updated_at = at
        events.publish(TitleDeleted(title_id=title.pk, channel_id=title.channel_id, at=at))
    models.Title.objects.bulk_update(titles, ["state", "state_before_deletion", "deleted_at", "updated_at"])
    tell_all(Act.TITLE_DELETED, [(title, {"state": title.state_before_deletion}, {}) for title in titles])
    return len(titles)


def restore_title(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    restore_titles(title_ids=[title_id], editor_id=editor_id, at=at)
    return queries.get_title(title_id)


@transaction.atomic
def restore_titles(*, title_ids: Collection[UUID], editor_id: UUID, at: datetime) -> int:
    """Undo a deletion: each title is again what it was, at its old address. Locks them. Repeatable.

    Raises NotFoundError to strangers, WrongStateError after 30 days.
    """
    titles = [title for title in lock_titles(title_ids, editor_id) if title.state == "deleted"]
    for title in titles:
        if title.deleted_at is None or title.purged_at or not policies.may_restore(title.deleted_at, at):
            raise policies.WrongStateError(_("It was deleted too long ago to bring back."))
        title.state, title.state_before_deletion = title.state_before_deletion, ""
        title.deleted_at, title.updated_at = None, at
    models.Title.objects.bulk_update(titles, ["state", "state_before_deletion", "deleted_at", "updated_at"])
    tell_all(Act.TITLE_RESTORED, [(title, None, {"state": title.state}) for title in titles])
    return len(titles)

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act
from footlights.catalog import models, policies, queries
from footlights.catalog.operations.locking import lock_title
from footlights.catalog.operations.telling import tell
from footlights.catalog.records import Chapter


@transaction.atomic
def set_chapters(*, title_id: UUID, editor_id: UUID, chapters: Sequence[Chapter], at: datetime) -> None:
    """Make these the title's chapters, whatever it had; none is fine. Safe to repeat. Locks the title.

    Raises NotFoundError to strangers, InvalidInputError, WrongStateError for one that is deleted.
    """
    title = lock_title(title_id, editor_id)
    policies.check_changeable(title.state)
    wanted = policies.check_chapters(chapters)
    if wanted == queries.list_chapters(title_id):
        return
    title.chapters.all().delete()
    models.Chapter.objects.bulk_create(
        models.Chapter(title=title, starts_ms=each.starts_ms, name=each.name) for each in wanted
    )
    title.updated_at = at
    title.save(update_fields=["updated_at"])
    tell(Act.TITLE_CHANGED, title, after={"chapters": len(wanted)})

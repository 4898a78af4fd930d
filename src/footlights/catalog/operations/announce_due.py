from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.catalog import models
from footlights.catalog.operations.announcing import announce_if_out
from footlights.catalog.operations.telling import tell

BATCH = 200


def announce_due(*, at: datetime) -> int:
    """Turn scheduled titles whose moment has come into published ones, and tell of those that play.

    Nobody waits for this: they are visible by their moment already (policies.is_out). Answers how many. Repeatable.
    """
    due = models.Title.objects.filter(state="scheduled", publish_at__lte=at).order_by("publish_at")
    ids = list(due.values_list("pk", flat=True)[:BATCH])
    for title_id in ids:
        with transaction.atomic():
            title = due.select_for_update(no_key=True, skip_locked=True).filter(pk=title_id).first()
            if title is not None:
                title.state = "published"
                title.save(update_fields=["state"])
                was, now = {"state": "scheduled"}, {"state": "published"}
                tell(Act.TITLE_PUBLICATION_CHANGED, title, before=was, after=now, actor_id=None)
                announce_if_out(title, at=at)
    return len(ids)

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.media import models
from footlights.media.operations.steps import State, defer_step


def retry_asset(*, asset_id: UUID, owner_id: UUID, at: datetime) -> None:
    """Try a failed or rejected asset again, at the step where it stopped. Raises NotFoundError, NotAllowedError."""
    mine = models.Asset.objects.filter(id=asset_id, owner_id=owner_id, deleted_at=None)
    row = mine.first()
    if row is None:
        raise NotFoundError("There is no such film.")
    state = State.PLAYABLE if row.package_id else State.QUEUED
    with transaction.atomic():
        again = mine.filter(state__in=[State.FAILED, State.REJECTED]).update(
            state=state, failure="", notice="", starts=0, crashes=0, step_percent=0, step_started=False, updated_at=at
        )
        if not again:
            raise NotAllowedError(_("This film is not stopped, so there is nothing to try again."))
        record(
            act=Act.FILE_RETRIED,
            object_kind="file",
            object_id=asset_id,
            person_ids=[owner_id],
            before={"state": row.state},
            after={"file": row.filename},
        )
        defer_step(asset_id, row.step)

from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.media import models
from footlights.media.operations.steps import State, Step, defer_step, lock_of

_QUIET_FOR = timedelta(minutes=5)
_AT_ONCE = 100


def resume_assets(*, at: datetime) -> int:
    """Defer the step of assets that no job is about any more (its tries ran out while a disk was full).

    Returns how many.
    """
    quiet = (
        models.Asset.objects.filter(updated_at__lte=at - _QUIET_FOR, deleted_at=None)
        .exclude(step=Step.NONE)
        .exclude(state__in=[State.REJECTED, State.FAILED])
    )
    resumed = 0
    for asset_id, step in list(quiet.values_list("id", "step")[:_AT_ONCE]):
        with transaction.atomic():
            alive = ProcrastinateJob.objects.filter(lock=lock_of(asset_id), status__in=["todo", "doing"]).exists()
            if not alive and quiet.filter(id=asset_id, step=step).update(updated_at=at):
                defer_step(asset_id, step)
                resumed += 1
    return resumed

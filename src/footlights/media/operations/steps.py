"""How an asset walks its pipeline: one job a step, each repeatable, each moving the row by compare-and-set.

A job claims its step, works outside any transaction, and commits what it made together with the next step. If the
row has
moved on meanwhile, what it made is thrown away. A program that crashes is tried again a few times, then the asset fails
with a reason; what is the service's own trouble (a full disk, a database away) never counts against the file.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from errno import ENOSPC
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from footlights.kernel.clock import now
from footlights.kernel.events import publish
from footlights.kernel.storage import StorageFullError
from footlights.media import events, models, policies
from footlights.media.errors import ProgramFailedError, RejectedError, StepVoidError

logger = logging.getLogger(__name__)

State = models.Asset.State
Step = models.Asset.Step
_TASKS = {
    Step.PROBE: "media.probe_asset",
    Step.FIRST: "media.transcode_first",
    Step.PACKAGE_FIRST: "media.package_first",
    Step.REST: "media.transcode_rest",
    Step.PACKAGE_ALL: "media.package_all",
}


def defer_step(asset_id: UUID, step: str) -> None:
    """Have a worker do `step`, once the caller's transaction commits. Steps of one asset never run side by side."""
    from procrastinate.contrib.django import app  # noqa: PLC0415  Django's apps are ready only at run time

    task = app.configure_task(_TASKS[Step(step)], allow_unknown=False, lock=lock_of(asset_id))
    task.defer(asset_id=str(asset_id))


def lock_of(asset_id: UUID) -> str:
    """The lock of the asset's jobs: the next step begins when the one before has committed and ended."""
    return f"asset:{asset_id}"


def run_step(asset_id: UUID, step: str, work: Callable[[models.Asset], None]) -> None:
    """Claim `step` of the asset and do `work`. Nothing happens if the asset is not at that step (a repeated job)."""
    asset = _claim(asset_id, step)
    if asset is None:
        return
    if asset.starts > policies.MAX_STARTS:
        fail(asset, _("This file stopped our converter again and again, so we gave up. Try another export of it."))
        return
    try:
        work(asset)
    except StepVoidError:
        logger.info("asset %s left %s meanwhile", asset_id, step)
    except RejectedError as error:
        fail(asset, str(error), state=State.REJECTED)
    except ProgramFailedError as error:
        logger.warning("asset %s, %s: %s: %s", asset_id, step, error, error.detail)
        release_connection()
        _at_step(asset).update(crashes=F("crashes") + 1)
        if asset.crashes + 1 >= policies.MAX_CRASHES:
            fail(asset, str(error))
            return
        raise
    except Exception as error:
        _wait(asset, error)
        raise


def advance(asset: models.Asset, step: str, *, at: datetime, **changes: object) -> bool:
    """Move the asset from its step to `step` with `changes`, and defer that step. Call inside a transaction.

    False if the asset has moved on (or was deleted) since it was claimed: then the caller's work is void.
    """
    moved = _at_step(asset).update(
        step=step,
        step_percent=0,
        step_seconds_left=None,
        step_started=False,
        starts=0,
        crashes=0,
        notice="",
        updated_at=at,
        **changes,
    )
    if moved and step != Step.NONE:
        defer_step(asset.id, step)
    return bool(moved)


def fail(asset: models.Asset, reason: str, *, state: str = State.FAILED) -> None:
    """End the asset's way with a reason its creator understands. Publishes AssetFailed."""
    release_connection()
    at = now()
    with transaction.atomic():
        if _at_step(asset).update(state=state, failure=reason[:300], step_seconds_left=None, notice="", updated_at=at):
            publish(events.AssetFailed(asset_id=asset.id, reason=reason, at=at))


def report_progress(asset: models.Asset, percent: int, seconds_left: int | None) -> None:
    """Best effort: a database that is away for a moment does not stop an encode. Raises StepVoidError to stop it."""
    wanted = 1
    try:
        wanted = _at_step(asset).update(
            step_percent=max(0, min(100, percent)), step_seconds_left=seconds_left, updated_at=now()
        )
    except Exception as error:  # noqa: BLE001  whatever it is, the next report tries again
        logger.info("progress of %s not written: %s", asset.id, error)
    finally:
        release_connection()
    if not wanted:
        raise StepVoidError("This asset is not at this step any more.")


def release_connection() -> None:
    """Hand the connection back before a long wait; the next query takes a live one."""
    if not connection.in_atomic_block:
        connection.close()


def _claim(asset_id: UUID, step: str) -> models.Asset | None:
    release_connection()
    state = {Step.PROBE: State.PROBING, Step.FIRST: State.TRANSCODING, Step.PACKAGE_FIRST: State.PACKAGING}.get(
        Step(step)
    )
    rows = models.Asset.objects.filter(id=asset_id, step=step, deleted_at=None).exclude(
        state__in=[State.REJECTED, State.FAILED]
    )
    changes = {"state": state} if state else {}
    if not rows.update(starts=F("starts") + 1, step_started=True, step_percent=0, updated_at=now(), **changes):
        return None
    asset = models.Asset.objects.select_related("package").get(id=asset_id)
    release_connection()
    return asset


def _wait(asset: models.Asset, error: Exception) -> None:
    """Our own trouble: say why it waits and do not count the start. The job is tried again later."""
    full = isinstance(error, StorageFullError) or (isinstance(error, OSError) and error.errno == ENOSPC)
    notice = (
        _("The service's disk is full. Your film is safe and goes on by itself as soon as there is space.")
        if full
        else ""
    )
    try:
        release_connection()
        _at_step(asset).update(starts=F("starts") - 1, notice=notice, step_seconds_left=None, updated_at=now())
    except Exception as second:  # noqa: BLE001  the database itself may be what is away
        logger.info("asset %s waits: %s", asset.id, second)


def _at_step(asset: models.Asset) -> QuerySet[models.Asset]:
    return models.Asset.objects.filter(id=asset.id, step=asset.step, deleted_at=None).exclude(
        state__in=[State.REJECTED, State.FAILED]
    )

"""Playback's jobs: only the nightly sweep."""

from footlights.kernel.clock import now
from footlights.kernel.jobs import job
from footlights.playback.operations.forget_old_screens import BATCH
from footlights.playback.operations.forget_old_screens import forget_old_screens as forget


@job(cron="17 3 * * *")
def forget_old_screens(timestamp: int) -> None:  # noqa: ARG001  the clock's
    while forget(at=now()) == BATCH:
        continue

"""Thin: ids in, one operation called."""

from datetime import UTC, datetime
from uuid import UUID

from footlights.kernel.clock import now
from footlights.kernel.jobs import MEDIA_FIRST, job
from footlights.live.operations import keep_recording as recording
from footlights.live.operations.change_state import cancel_forgotten
from footlights.live.operations.remind import announce_reminders


@job(queue=MEDIA_FIRST, tries=8, priority=25)
def keep_recording(broadcast_id: str) -> None:
    recording.keep_recording(broadcast_id=UUID(broadcast_id), at=now())


@job(cron="* * * * *")
def tidy(timestamp: int) -> None:
    """Begin recordings that a lost ingest left, cancel what never began, remind, and remove what nobody needs."""
    at = datetime.fromtimestamp(timestamp, UTC)
    cancel_forgotten(at)
    announce_reminders(at)
    for broadcast_id in recording.list_unkept(at):
        defer_recording(broadcast_id)
    recording.forget_folders(at)


def defer_recording(broadcast_id: UUID) -> None:
    """Once the caller's transaction commits. Those of one broadcast never run side by side."""
    keep_recording.configure(lock=f"recording:{broadcast_id}").defer(broadcast_id=str(broadcast_id))

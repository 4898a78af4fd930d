import json
from uuid import UUID

from footlights.catalog.api import get_title, is_visible
from footlights.ingest.api import STATE, replace
from footlights.kernel import environment
from footlights.kernel.clock import now
from footlights.live import models
from footlights.live.records import Access, Replay


def offer_replay(*, title_id: UUID) -> None:
    """Tell the pages that are still open where the recording is, once everybody who may can play it. Repeatable."""
    row = models.BroadcastRow.objects.filter(recording_title_id=title_id).first()
    if row is None:
        return
    title = get_title(title_id)
    folder = environment.load().live / row.folder
    promised = row.access == Access.TICKETS and row.replay == Replay.SHARED  # a draft, open to who has a ticket
    if title.playable and (promised or is_visible(title, None, now())) and folder.exists():
        replace(folder / STATE, json.dumps({"state": "ended", "replay": title.path}).encode())

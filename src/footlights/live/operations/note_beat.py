from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from footlights.live import models, policies
from footlights.live.errors import NotAdmittedError
from footlights.live.operations.admit_sender import admission_of
from footlights.live.records import Admission, Orders, State

FIGURES = {
    "bitrate_bps", "frames_per_s", "has_sound", "key_every_ms", "width", "height", "behind_s",
    "has_main", "has_backup", "shows_backup",
    "level_db", "silent_s", "frozen_s", "restarts", "restarted_s", "renditions", "passthrough",
}  # fmt: skip
MAX_PROBLEM_CHARS = 300
AT_ONCE = 50


def note_beat(
    *,
    broadcast_id: UUID,
    node: str,
    key_since: str,
    is_sending: bool,
    figures: dict[str, Any],
    problem: str,
    at: datetime,
) -> Orders:
    """Keep how it goes; answer with what was decided meanwhile. One update.

    Raises NotAdmittedError for a broadcast that is gone, or is another ingest's by now.
    """
    known = {name: value for name, value in figures.items() if name in FIGURES and isinstance(value, int | float)}
    changed = models.BroadcastRow.objects.filter(pk=broadcast_id, node__in=["", node]).update(
        node=node, heard_at=at, is_sending=is_sending, figures=known, problem=problem[:MAX_PROBLEM_CHARS]
    )
    row = models.BroadcastRow.objects.only("state", "channel_id").filter(pk=broadcast_id).first()
    if not changed or row is None:
        raise NotAdmittedError("This broadcast is not carried here.")
    since = models.StreamKeyRow.objects.filter(pk=row.channel_id).values_list("since", flat=True).first()
    is_same_key = not key_since or (since is not None and since.isoformat() == key_since)
    state = State(row.state)
    return Orders(State.ENDED if state is State.CANCELLED else state, sender_stays=is_same_key)


@transaction.atomic
def take_over(*, node: str, at: datetime) -> list[Admission]:
    """What is on air and carried by nobody else: it is this ingest's now. Locks those."""
    is_mine = Q(node__in=["", node])
    is_left = Q(heard_at=None) | Q(heard_at__lte=at - policies.HEARD_WITHIN)
    found = models.BroadcastRow.objects.filter(is_mine | is_left, state=State.ON_AIR).order_by("pk")
    rows = list(found.select_for_update(no_key=True, skip_locked=True)[:AT_ONCE])
    for row in rows:
        if row.node != node:
            row.node, row.heard_at, row.is_sending = node, at, False
            row.save(update_fields=["node", "heard_at", "is_sending"])
    keys = models.StreamKeyRow.objects.in_bulk([row.channel_id for row in rows])
    return [admission_of(row, keys.get(row.channel_id)) for row in rows]


@transaction.atomic
def note_closed(*, broadcast_id: UUID, node: str, at: datetime) -> None:
    """The ingest wrote the last of it: its recording can be kept."""
    from footlights.live.jobs import defer_recording  # noqa: PLC0415  jobs import operations

    found = models.BroadcastRow.objects.filter(pk=broadcast_id, node=node)
    if found.update(is_sending=False, heard_at=at) and found.filter(state=State.ENDED).exists():
        defer_recording(broadcast_id)

"""Counts whose player asks for more licences than a person needs. What everybody does is counted in this process only.

Never refuses anything: the tally is there to be noticed.
"""

import threading
from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from footlights.audit.api import LICENCES, tally
from footlights.playback.policies import LICENCES_UNCOUNTED, LICENCES_UNCOUNTED_WITHIN_S

PERSONS_MAX = 10_000
_guard = threading.Lock()
_seen: OrderedDict[UUID, tuple[float, int]] = OrderedDict()  # when a person's count began, and how far it is


def count_licence(viewer_id: UUID | None, *, at: datetime) -> None:
    """One statement for each licence beyond the uncounted; none for the others, and none for who is not signed in."""
    if viewer_id is not None and _is_beyond(viewer_id, at.timestamp()):
        tally(LICENCES, [str(viewer_id)], at=at)


def _is_beyond(viewer_id: UUID, at: float) -> bool:
    with _guard:
        began, count = _seen.pop(viewer_id, (at, 0))
        if at - began > LICENCES_UNCOUNTED_WITHIN_S:
            began, count = at, 0
        _seen[viewer_id] = (began, count + 1)
        if len(_seen) > PERSONS_MAX:
            _seen.popitem(last=False)
        return count >= LICENCES_UNCOUNTED

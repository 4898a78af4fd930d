"""Who reads what a recording's room said: whoever may watch the recording, while its makers show it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from footlights.catalog.api import get_managed_title
from footlights.engagement.api import Replay, find_replay
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.shared import Shared
from footlights.monetization.api import may_go_on_watching
from footlights.web.access import let_in

FRESH_S, REPLAYS_MAX = 2.0, 500  # within that a conversation is gone that its makers switched off
_replays: Shared[Replay | None] = Shared(fresh_s=FRESH_S, stale_s=0, capacity=REPLAYS_MAX)

View = Callable[..., HttpResponse]


def admitted(view: View) -> View:
    """Give the view its replay instead of the title's id. Whoever may not watch finds none, while off nobody does."""

    @wraps(view)
    def wrapped(request: HttpRequest, title_id: UUID, **more: Any) -> HttpResponse:
        replay = _replays.get(title_id, lambda: find_replay(title_id))
        if not is_played(replay) or not may_go_on_watching(request.user.pk, title_id, now()).allowed:
            raise NotFoundError("There is no such conversation.")
        return view(request, replay, **more)

    return wrapped


def for_team(view: View) -> View:
    """Let in whoever may do on the title's channel what the route needs. To others there is no such page."""

    @wraps(view)
    def wrapped(request: HttpRequest, title_id: UUID, **more: Any) -> HttpResponse:
        _title, role = get_managed_title(title_id, cast("UUID", request.user.pk))
        let_in(request, role)
        return view(request, title_id=title_id, **more)

    return wrapped


def is_played(replay: Replay | None) -> bool:
    """Whether there is something to read beside the recording."""
    return replay is not None and replay.is_shown and not replay.is_silent

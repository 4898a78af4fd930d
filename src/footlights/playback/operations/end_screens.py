from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from footlights.playback.models import Screen
from footlights.playback.tokens import digest_of


def end_screens(*, viewer_id: UUID, at: datetime, session_keys: Iterable[str] | None = None) -> int:
    """End what a person plays, so that its tokens give no more keys: everywhere, or bound to these browser sessions.

    One statement; repeatable. Returns how many screens ended.
    """
    screens = Screen.objects.filter(viewer_id=viewer_id, ended_at=None)
    if session_keys is not None:
        screens = screens.filter(session_digest__in=[digest_of(key) for key in session_keys])
    return screens.update(ended_at=at, end_reason=Screen.EndReason.SIGNED_OUT)

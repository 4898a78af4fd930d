"""What can be wrong in a room. The codes go to the viewer's browser, which says them in the viewer's language."""

from footlights.kernel.errors import FootlightsError


class EngagementError(FootlightsError):
    code = "engagement"


class RefusedError(EngagementError):
    """What was said does not count; `code` says why, and nothing was changed."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code  # type: ignore[misc]  # one class for all reasons: the browser words them


class BannedError(EngagementError):
    """Somebody was banned from the rooms of this channel; they can go on watching."""

    code = "banned"

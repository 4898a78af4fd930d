"""Why a title does not play. Each message can be shown to the viewer as it is; `code` is what the player acts on."""

from typing import TYPE_CHECKING

from footlights.kernel.errors import FootlightsError, NotAllowedError

if TYPE_CHECKING:
    from footlights.media.api import Asset
    from footlights.monetization.api import Decision


class PlaybackError(FootlightsError):
    code = "playback"


class NoTicketError(NotAllowedError):
    """`may_watch` said no; `decision` says why."""

    code = "no_ticket"

    def __init__(self, decision: "Decision") -> None:
        super().__init__(decision.explanation)
        self.decision = decision


class NotReadyError(PlaybackError):
    """The media has no playable rendition yet; `asset` shows how far it is, or why it failed."""

    code = "not_ready"

    def __init__(self, message: str, asset: "Asset | None") -> None:
        super().__init__(message)
        self.asset = asset


class TokenRefusedError(NotAllowedError):
    """The token is forged, too old, or belongs to another browser session. Start again to get a new one."""

    code = "token"


class ScreenOverError(NotAllowedError):
    """This screen was stopped, or was silent for too long. Start again."""

    code = "screen_over"


class ForeignKeyIdsError(NotAllowedError):
    """A licence was asked for key ids that are not this title's: none is given."""

    code = "key_ids"

"""Why something about a broadcast cannot be. Each message can be shown to the person as it is."""

from footlights.kernel.errors import FootlightsError, NotAllowedError


class LiveError(FootlightsError):
    code = "live"


class WrongMomentError(LiveError):
    """What was asked does not fit what the broadcast is doing now."""

    code = "wrong_moment"


class NotAdmittedError(NotAllowedError):
    """This key opens nothing now; the message is for whoever sends."""

    code = "not_admitted"


class CarriedElsewhereError(NotAdmittedError):
    """Another ingest, `node`, carries this broadcast and has a sender."""

    code = "carried_elsewhere"

    def __init__(self, words: str, node: str) -> None:
        super().__init__(words)
        self.node = node

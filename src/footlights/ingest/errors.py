"""Why a stream is not taken, or ended."""

from footlights.kernel.errors import FootlightsError


class IngestError(FootlightsError):
    code = "ingest"


class BadStreamError(IngestError):
    """What was sent is not RTMP, or beyond what we take."""

    code = "bad_stream"


class RefusedError(IngestError):
    """The service does not let this sender send."""

    code = "refused"


class CarriedElsewhereError(RefusedError):
    """Another ingest, `node`, carries this broadcast."""

    code = "carried_elsewhere"

    def __init__(self, words: str, node: str) -> None:
        super().__init__(words)
        self.node = node


class HookError(IngestError):
    """The service did not answer, or not as it should."""

    code = "hook"

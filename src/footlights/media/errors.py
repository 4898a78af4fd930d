"""What can go wrong with an upload or a file. Each message is for the person who sent it."""

from footlights.kernel.errors import FootlightsError


class MediaError(FootlightsError):
    code = "media"


class OffsetConflictError(MediaError):
    """The upload is at another offset.

    Another writer was faster, or the client lost count. Ask where it is and go on there.
    """

    code = "offset_conflict"

    def __init__(self, *, offset_bytes: int) -> None:
        super().__init__(f"The upload is at byte {offset_bytes}. Go on from there.")
        self.offset_bytes = offset_bytes


class ChecksumMismatchError(MediaError):
    """What arrived is not what was sent. Nothing of it was kept; send it again."""

    code = "checksum_mismatch"


class TooLargeError(MediaError):
    code = "too_large"


class UploadGoneError(MediaError):
    """The upload expired or was taken back. Start it again."""

    code = "upload_gone"


class RejectedError(MediaError):
    """The file can never become a film here, for the reason given."""

    code = "rejected"


class ProgramFailedError(MediaError):
    """ffmpeg or the packager gave up. `detail` is for the log."""

    code = "program_failed"

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class StepVoidError(MediaError):
    """The asset was deleted, or another worker was faster: whatever this one makes of it is not wanted any more."""

    code = "step_void"

"""How a title's film and its trailer fare on their way, in words: received, checked, converted, playing, or why not."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.catalog.api import Title
from footlights.media import api as media
from footlights.media.api import Asset, Upload
from footlights.web.media_words import StageLine, stage_line, stages_of

OVER = {"rejected", "failed"}

Part = Literal["file", "trailer"]
FileState = Literal["none", "receiving", "expired", "working", "playable", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class FileStatus:
    """How the newest file of a title's `part` fares. `replaces` when an older one plays meanwhile."""

    part: Part
    state: FileState
    stages: list[StageLine]
    failure: str
    notice: str
    replaces: bool
    upload: Upload | None
    asset: Asset | None

    @property
    def url_name(self) -> str:
        """Where it is asked again."""
        return "studio:title_file" if self.part == "file" else "studio:title_trailer_state"

    @property
    def retry_url_name(self) -> str:
        return "studio:title_retry" if self.part == "file" else "studio:title_trailer_retry"

    @property
    def settled(self) -> bool:
        """Nothing more happens by itself, so nobody need ask again."""
        return self.state in {"none", "expired", "ready", "failed"}

    @property
    def waits(self) -> bool:
        """Nothing is done with it at the moment: other files are before it."""
        states = {stage.state for stage in self.stages}
        return self.state == "working" and "waiting" in states and "running" not in states

    @property
    def may_retry(self) -> bool:
        return self.asset is not None and self.asset.state == "failed"


def file_status(title: Title) -> FileStatus:
    """Of the title's newest file: the one being uploaded, the one that is to replace, or the one that plays."""
    upload = _open_upload(title.upload_id, known={title.asset_id, title.next_asset_id})
    if upload is not None:
        return _status_of_upload("file", upload, replaces=title.playable)
    asset = find_asset(title.next_asset_id or title.asset_id)
    coming = title.next_asset_id is not None
    return _status_of_asset("file", asset, plays=title.playable and not coming, replaces=coming)


def trailer_status(title: Title) -> FileStatus:
    """The same of the title's trailer."""
    shown, coming = title.trailer_asset_id, title.next_trailer_asset_id
    upload = _open_upload(title.trailer_upload_id, known={shown, coming})
    if upload is not None:
        return _status_of_upload("trailer", upload, replaces=shown is not None)
    asset = find_asset(coming or shown)
    replaces = coming is not None and shown is not None
    if asset is not None and asset.kind == "audio" and asset.state in {"playable", "ready"}:
        status = _status_of_asset("trailer", asset, plays=True, replaces=replaces)
        return replace(status, state="failed", failure=_("This is sound only, and a trailer needs a picture."))
    return _status_of_asset("trailer", asset, plays=coming is None, replaces=replaces)


def find_asset(asset_id: UUID | None) -> Asset | None:
    return media.list_assets([asset_id]).get(asset_id) if asset_id else None


def _open_upload(upload_id: UUID | None, *, known: set[UUID | None]) -> Upload | None:
    """The upload that is still waited for, whoever sends it, if it did not become one of the `known` files yet."""
    upload = media.find_upload(upload_id) if upload_id else None
    return None if upload is None or upload.asset_id in known - {None} else upload


def _status_of_asset(part: Part, asset: Asset | None, *, plays: bool, replaces: bool) -> FileStatus:
    """`plays`: it is what viewers get. A file that could play and does not yet is still on its way."""
    if asset is None:
        return FileStatus(part, "none", [], "", "", replaces=False, upload=None, asset=None)
    return FileStatus(
        part=part,
        state=_state_of(asset) if plays or asset.state in OVER else "working",
        stages=stages_of(asset),
        failure=asset.failure or "",
        notice=asset.notice or "",
        replaces=replaces,
        upload=None,
        asset=asset,
    )


def _status_of_upload(part: Part, upload: Upload, *, replaces: bool) -> FileStatus:
    states: dict[str, FileState] = {"receiving": "receiving", "complete": "working", "expired": "expired"}
    percent = 100 * upload.offset_bytes // max(1, upload.size_bytes)
    receiving = upload.state == "receiving"
    return FileStatus(
        part=part,
        state=states[upload.state],
        stages=[
            stage_line("upload", "running" if receiving else "done", percent, None),
            *(stage_line(name, "waiting", 0, None) for name in ("check", "first", "quality", "finish")),
        ],
        failure=_(
            "The upload was left unfinished for too long, and its part was cleared away. Please upload the file again."
        )
        if upload.state == "expired"
        else "",
        notice="",
        replaces=replaces,
        upload=upload,
        asset=None,
    )


def _state_of(asset: Asset) -> FileState:
    if asset.state in OVER:
        return "failed"
    if asset.state == "ready":
        return "ready"
    return "playable" if asset.state == "playable" else "working"

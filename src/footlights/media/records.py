"""What others see of media: frozen records, built by queries.py. Models never cross."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

UploadState = Literal["receiving", "complete", "expired"]
AssetState = Literal["queued", "probing", "transcoding", "packaging", "playable", "ready", "rejected", "failed"]
StageName = Literal["upload", "check", "first", "quality", "finish"]
StageState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Upload:
    id: UUID
    owner_id: UUID
    filename: str
    size_bytes: int
    offset_bytes: int
    state: UploadState
    expires_at: datetime
    asset_id: UUID | None


@dataclass(frozen=True, slots=True)
class UploadRoom:
    """What one person's uploads take, finished and on their way, and the most they may."""

    used_bytes: int
    most_bytes: int

    @property
    def left_bytes(self) -> int:
        return max(0, self.most_bytes - self.used_bytes)

    @property
    def is_full(self) -> bool:
        return not self.left_bytes


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the way from file to film; percent is 0 to 100."""

    name: StageName
    percent: int
    seconds_left: int | None
    state: StageState


@dataclass(frozen=True, slots=True)
class Playback:
    """Absolute paths of the manifests, the key ids (32 hex digits) in them, the heights offered (none: audio only)."""

    dash_url: str
    hls_url: str
    key_ids: list[str]
    heights: list[int]


@dataclass(frozen=True, slots=True)
class Picture:
    """`sources` holds (width, url, content type), widest last; a WebP of every width is always there."""

    id: UUID
    url_base: str
    width: int
    height: int
    color: str
    sources: list[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Asset:
    """`failure` says in a creator's words why it is rejected or failed.

    `notice` why it waits although nothing is wrong with it.
    """

    id: UUID
    owner_id: UUID
    filename: str
    size_bytes: int
    state: AssetState
    stages: list[Stage]
    kind: Literal["video", "audio"] | None
    width: int | None
    height: int | None
    duration_ms: int | None
    failure: str | None
    notice: str | None
    playback: Playback | None
    poster_candidates: list[Picture]
    storyboard_url: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Captions:
    id: UUID
    language: str
    label: str
    url: str

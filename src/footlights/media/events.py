"""What happened in media, for those who care."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UploadCompleted:
    upload_id: UUID
    asset_id: UUID
    owner_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AssetPlayable:
    asset_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AssetReady:
    asset_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AssetFailed:
    asset_id: UUID
    reason: str
    at: datetime

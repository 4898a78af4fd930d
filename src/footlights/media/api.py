"""The door to media. Others import this and events.py, nothing else."""

from footlights.media.errors import (
    ChecksumMismatchError,
    MediaError,
    OffsetConflictError,
    TooLargeError,
    UploadGoneError,
)
from footlights.media.operations.add_captions import add_captions, copy_captions, remove_captions
from footlights.media.operations.append_to_upload import CHECKSUMS, Checksum, append_to_upload
from footlights.media.operations.delete_asset import delete_asset
from footlights.media.operations.expire_uploads import expire_uploads
from footlights.media.operations.hand_over import hand_over
from footlights.media.operations.join_recording import Stretch, joined_recording
from footlights.media.operations.retry_asset import retry_asset
from footlights.media.operations.start_upload import start_upload
from footlights.media.operations.store_picture import store_picture
from footlights.media.operations.terminate_upload import terminate_upload
from footlights.media.queries import (
    content_keys,
    count_assets_by_state,
    find_upload,
    get_asset,
    get_asset_to_play,
    get_pictures,
    get_upload,
    get_upload_room,
    list_assets,
    list_captions,
    list_failed_assets,
    list_uploads,
    owns_picture,
    read_picture,
)
from footlights.media.records import Asset, Captions, Picture, Playback, Stage, Upload, UploadRoom

__all__ = [
    "CHECKSUMS",
    "Asset",
    "Captions",
    "Checksum",
    "ChecksumMismatchError",
    "MediaError",
    "OffsetConflictError",
    "Picture",
    "Playback",
    "Stage",
    "Stretch",
    "TooLargeError",
    "Upload",
    "UploadGoneError",
    "UploadRoom",
    "add_captions",
    "append_to_upload",
    "content_keys",
    "copy_captions",
    "count_assets_by_state",
    "delete_asset",
    "expire_uploads",
    "find_upload",
    "get_asset",
    "get_asset_to_play",
    "get_pictures",
    "get_upload",
    "get_upload_room",
    "hand_over",
    "joined_recording",
    "list_assets",
    "list_captions",
    "list_failed_assets",
    "list_uploads",
    "owns_picture",
    "read_picture",
    "remove_captions",
    "retry_asset",
    "start_upload",
    "store_picture",
    "terminate_upload",
]

"""The door of playback. No logic."""

from footlights.playback.errors import (
    ForeignKeyIdsError,
    NoTicketError,
    NotReadyError,
    PlaybackError,
    ScreenOverError,
    TokenRefusedError,
)
from footlights.playback.operations.end_screens import end_screens
from footlights.playback.operations.forget_history import forget_history
from footlights.playback.operations.issue_licence import issue_licence
from footlights.playback.operations.issue_live_licence import issue_live_licence
from footlights.playback.operations.record_beat import record_beat
from footlights.playback.operations.set_embed_policy import set_embed_policy
from footlights.playback.operations.show_trailer import find_trailer_url, issue_trailer_licence
from footlights.playback.operations.start_watching import start_watching
from footlights.playback.policies import BEAT_EVERY_S, device_name
from footlights.playback.queries import (
    count_history,
    get_embed_policy,
    list_continue_watching,
    list_history,
    list_screen_time,
    progress_for,
    progress_of,
    resume_and_views,
    resume_at_ms,
    view_counts,
)
from footlights.playback.records import BeatAnswer, EmbedPolicy, Progress, ScreenTime, WatchSession

__all__ = [
    "BEAT_EVERY_S",
    "BeatAnswer",
    "EmbedPolicy",
    "ForeignKeyIdsError",
    "NoTicketError",
    "NotReadyError",
    "PlaybackError",
    "Progress",
    "ScreenOverError",
    "ScreenTime",
    "TokenRefusedError",
    "WatchSession",
    "count_history",
    "device_name",
    "end_screens",
    "find_trailer_url",
    "forget_history",
    "get_embed_policy",
    "issue_licence",
    "issue_live_licence",
    "issue_trailer_licence",
    "list_continue_watching",
    "list_history",
    "list_screen_time",
    "progress_for",
    "progress_of",
    "record_beat",
    "resume_and_views",
    "resume_at_ms",
    "set_embed_policy",
    "start_watching",
    "view_counts",
]

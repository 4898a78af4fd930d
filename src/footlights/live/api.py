"""The door of live. No logic."""

from footlights.ingest.api import Latency
from footlights.live.errors import CarriedElsewhereError, LiveError, NotAdmittedError, WrongMomentError
from footlights.live.operations.admit_sender import admit_sender
from footlights.live.operations.camera import admit_camera, pass_for_camera
from footlights.live.operations.change_state import end_broadcast, go_on_air
from footlights.live.operations.note_beat import note_beat, note_closed, take_over
from footlights.live.operations.plan_broadcast import change_broadcast, plan_broadcast
from footlights.live.operations.remind import ask_for_reminder, drop_reminder, take_due_reminders
from footlights.live.operations.stream_key import change_stream_key, get_stream_key
from footlights.live.policies import takes_reminders
from footlights.live.queries import (
    broadcast_keys,
    decide_joining,
    find_broadcasts,
    find_slate,
    get_announced,
    get_broadcast,
    get_broadcast_by_token,
    get_managed_broadcast,
    is_reminded,
    list_broadcasts,
    list_coming,
    may_join,
    picture_of,
    showing_of,
)
from footlights.live.records import Access, Admission, Broadcast, NewBroadcast, Orders, Replay, Showing, Signal, State

__all__ = [
    "Access",
    "Admission",
    "Broadcast",
    "CarriedElsewhereError",
    "Latency",
    "LiveError",
    "NewBroadcast",
    "NotAdmittedError",
    "Orders",
    "Replay",
    "Showing",
    "Signal",
    "State",
    "WrongMomentError",
    "admit_camera",
    "admit_sender",
    "ask_for_reminder",
    "broadcast_keys",
    "change_broadcast",
    "change_stream_key",
    "decide_joining",
    "drop_reminder",
    "end_broadcast",
    "find_broadcasts",
    "find_slate",
    "get_announced",
    "get_broadcast",
    "get_broadcast_by_token",
    "get_managed_broadcast",
    "get_stream_key",
    "go_on_air",
    "is_reminded",
    "list_broadcasts",
    "list_coming",
    "may_join",
    "note_beat",
    "note_closed",
    "pass_for_camera",
    "picture_of",
    "plan_broadcast",
    "showing_of",
    "take_due_reminders",
    "take_over",
    "takes_reminders",
]

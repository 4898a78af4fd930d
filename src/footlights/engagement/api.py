"""The door of engagement."""

from footlights.engagement.adapters.broker import Broker, Kept, connect
from footlights.engagement.adapters.trust import account_claims, operator_claims
from footlights.engagement.errors import BannedError, EngagementError, RefusedError
from footlights.engagement.mood.course import TURN_S, turn_of
from footlights.engagement.mood.gauge import Gauge
from footlights.engagement.operations.appeal import appeal
from footlights.engagement.operations.enter_room import Came, enter_room
from footlights.engagement.operations.keep_mood import keep_mood
from footlights.engagement.operations.keep_time import keep_time
from footlights.engagement.operations.let_back import let_back
from footlights.engagement.operations.open_room import close_room, open_room
from footlights.engagement.operations.prepare_poll import drop_prepared, prepare_poll
from footlights.engagement.operations.set_words import set_words
from footlights.engagement.operations.show_replay import show_replay
from footlights.engagement.operations.take_said import Outcome, take_said
from footlights.engagement.operations.vote_since import vote_since
from footlights.engagement.policies import (
    APPEAL_LENGTH_MAX,
    CHOICES_MAX,
    LINGER,
    POLL_CHOICES_S,
    QUESTION_LENGTH_MAX,
    REACTIONS,
    SAY_LENGTH_MAX,
    SLOW_CHOICES_S,
    TIME_OUTS_S,
    Bucket,
    TipPlace,
    subject_of_broadcast,
    tip_place,
)
from footlights.engagement.queries import (
    find_room,
    get_room,
    list_bans,
    list_prepared,
    mood_since,
    revoked_users,
    snapshot,
    versions_since,
    word_list,
)
from footlights.engagement.records import (
    Ban,
    Course,
    Desk,
    Entry,
    Line,
    Links,
    Mine,
    Mood,
    PollKind,
    PollState,
    Prepared,
    QuestionState,
    Replay,
    ReplayPoll,
    ReplayQuestion,
    Review,
    Room,
    Rules,
    Said,
    Snapshot,
    Speakers,
    WordList,
)
from footlights.engagement.replaying import (
    course_of,
    find_replay,
    lines_in,
    polls_of,
    questions_of,
    votes_since,
)
from footlights.engagement.wire import refusal
from footlights.engagement.words import LISTS

__all__ = [
    "APPEAL_LENGTH_MAX",
    "CHOICES_MAX",
    "LINGER",
    "LISTS",
    "POLL_CHOICES_S",
    "QUESTION_LENGTH_MAX",
    "REACTIONS",
    "SAY_LENGTH_MAX",
    "SLOW_CHOICES_S",
    "TIME_OUTS_S",
    "TURN_S",
    "Ban",
    "BannedError",
    "Broker",
    "Bucket",
    "Came",
    "Course",
    "Desk",
    "EngagementError",
    "Entry",
    "Gauge",
    "Kept",
    "Line",
    "Links",
    "Mine",
    "Mood",
    "Outcome",
    "PollKind",
    "PollState",
    "Prepared",
    "QuestionState",
    "RefusedError",
    "Replay",
    "ReplayPoll",
    "ReplayQuestion",
    "Review",
    "Room",
    "Rules",
    "Said",
    "Snapshot",
    "Speakers",
    "TipPlace",
    "WordList",
    "account_claims",
    "appeal",
    "close_room",
    "connect",
    "course_of",
    "drop_prepared",
    "enter_room",
    "find_replay",
    "find_room",
    "get_room",
    "keep_mood",
    "keep_time",
    "let_back",
    "lines_in",
    "list_bans",
    "list_prepared",
    "mood_since",
    "open_room",
    "operator_claims",
    "polls_of",
    "prepare_poll",
    "questions_of",
    "refusal",
    "revoked_users",
    "set_words",
    "show_replay",
    "snapshot",
    "subject_of_broadcast",
    "take_said",
    "tip_place",
    "turn_of",
    "versions_since",
    "vote_since",
    "votes_since",
    "word_list",
]

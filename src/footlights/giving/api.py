"""The door of giving."""

from footlights.giving.errors import GivingError, NotReturnableError, TipsClosedError
from footlights.giving.operations.give_back import refund_tip, return_tip
from footlights.giving.operations.give_tip import give_tip
from footlights.giving.operations.note_return import note_return
from footlights.giving.operations.set_tip_jar import set_tip_jar
from footlights.giving.policies import MESSAGE_LENGTH_MAX, THANKS_LENGTH_MAX
from footlights.giving.queries import (
    get_received_tip,
    get_tip,
    list_received_tips,
    tip_jar,
    tip_limits,
    tip_totals,
    why_tip_not_returned,
)
from footlights.giving.records import NewTip, ReceivedTip, State, Tip, TipJar, TipLimits, TipTotals

__all__ = [
    "MESSAGE_LENGTH_MAX",
    "THANKS_LENGTH_MAX",
    "GivingError",
    "NewTip",
    "NotReturnableError",
    "ReceivedTip",
    "State",
    "Tip",
    "TipJar",
    "TipLimits",
    "TipTotals",
    "TipsClosedError",
    "get_received_tip",
    "get_tip",
    "give_tip",
    "list_received_tips",
    "note_return",
    "refund_tip",
    "return_tip",
    "set_tip_jar",
    "tip_jar",
    "tip_limits",
    "tip_totals",
    "why_tip_not_returned",
]

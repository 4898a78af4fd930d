"""The door of giving."""

from footlights.giving.errors import (
    GiftOpenedError,
    GiftOverError,
    GivingError,
    NotReturnableError,
    SentOftenError,
    TipsClosedError,
)
from footlights.giving.operations.buy_gift import buy_gift
from footlights.giving.operations.give_back import refund_gift, refund_tip, return_gift, return_tip
from footlights.giving.operations.give_tip import give_tip
from footlights.giving.operations.note_return import note_return
from footlights.giving.operations.redeem_gift import redeem_gift
from footlights.giving.operations.send_gift import send_gift
from footlights.giving.operations.set_tip_jar import set_tip_jar
from footlights.giving.policies import (
    GIFT_MESSAGE_LENGTH_MAX,
    MESSAGE_LENGTH_MAX,
    SENDER_LENGTH_MAX,
    SENT_TIMES_MAX,
    THANKS_LENGTH_MAX,
)
from footlights.giving.queries import (
    find_gift,
    get_gift,
    get_gift_by_code,
    get_received_tip,
    get_sold_gift,
    get_tip,
    gift_totals,
    list_gifts,
    list_received_tips,
    list_sold_gifts,
    tip_jar,
    tip_limits,
    tip_totals,
    why_gift_not_returned,
    why_tip_not_returned,
)
from footlights.giving.records import (
    Gift,
    GiftTotals,
    NewGift,
    NewTip,
    ReceivedTip,
    SoldGift,
    State,
    Tip,
    TipJar,
    TipLimits,
    TipTotals,
)

__all__ = [
    "GIFT_MESSAGE_LENGTH_MAX",
    "MESSAGE_LENGTH_MAX",
    "SENDER_LENGTH_MAX",
    "SENT_TIMES_MAX",
    "THANKS_LENGTH_MAX",
    "Gift",
    "GiftOpenedError",
    "GiftOverError",
    "GiftTotals",
    "GivingError",
    "NewGift",
    "NewTip",
    "NotReturnableError",
    "ReceivedTip",
    "SentOftenError",
    "SoldGift",
    "State",
    "Tip",
    "TipJar",
    "TipLimits",
    "TipTotals",
    "TipsClosedError",
    "buy_gift",
    "find_gift",
    "get_gift",
    "get_gift_by_code",
    "get_received_tip",
    "get_sold_gift",
    "get_tip",
    "gift_totals",
    "give_tip",
    "list_gifts",
    "list_received_tips",
    "list_sold_gifts",
    "note_return",
    "redeem_gift",
    "refund_gift",
    "refund_tip",
    "return_gift",
    "return_tip",
    "send_gift",
    "set_tip_jar",
    "tip_jar",
    "tip_limits",
    "tip_totals",
    "why_gift_not_returned",
    "why_tip_not_returned",
]

"""The door of payouts."""

from footlights.payouts.causes import causes_of
from footlights.payouts.errors import (
    AlreadyAskedError,
    ConversionChangedError,
    NoDestinationError,
    NothingToPayOutError,
    OwnPayoutError,
    PayoutError,
    RateUnknownError,
)
from footlights.payouts.operations.begin_destination import begin_destination
from footlights.payouts.operations.convert_balance import convert_balance, quote_conversion
from footlights.payouts.operations.decide_payout import approve_payout, refuse_payout
from footlights.payouts.operations.holds import place_hold, release_hold, release_hold_by_hand
from footlights.payouts.operations.note_destination_return import note_destination_return
from footlights.payouts.operations.request_payout import request_payout
from footlights.payouts.operations.run_payouts import run_payouts
from footlights.payouts.operations.set_destination import set_destination
from footlights.payouts.policies import CREATOR, creator_account, owner_of, person_account
from footlights.payouts.queries import (
    count_waiting,
    find_destination,
    get_payout,
    list_currencies,
    list_holds,
    list_payouts,
    list_standings,
    next_payout,
    standing_of,
)
from footlights.payouts.records import (
    Conversion,
    Destination,
    Hold,
    NextPayout,
    Payout,
    PayoutState,
    Reserve,
    Standing,
)

__all__ = [
    "CREATOR",
    "AlreadyAskedError",
    "Conversion",
    "ConversionChangedError",
    "Destination",
    "Hold",
    "NextPayout",
    "NoDestinationError",
    "NothingToPayOutError",
    "OwnPayoutError",
    "Payout",
    "PayoutError",
    "PayoutState",
    "RateUnknownError",
    "Reserve",
    "Standing",
    "approve_payout",
    "begin_destination",
    "causes_of",
    "convert_balance",
    "count_waiting",
    "creator_account",
    "find_destination",
    "get_payout",
    "list_currencies",
    "list_holds",
    "list_payouts",
    "list_standings",
    "next_payout",
    "note_destination_return",
    "owner_of",
    "person_account",
    "place_hold",
    "quote_conversion",
    "refuse_payout",
    "release_hold",
    "release_hold_by_hand",
    "request_payout",
    "run_payouts",
    "set_destination",
    "standing_of",
]

"""The rules of payments: which state may follow which, what the gateway's word means, when to ask again."""

from datetime import datetime, timedelta

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import Checkout, CheckoutStatus
from footlights.payments.records import PaymentState as State

UNDECIDED = frozenset({State.OPENING, State.OPEN, State.UNKNOWN})
CHARGED = frozenset({State.CAPTURED, State.FLAGGED, State.REFUNDED})
# From where a payment may move to a state. The gateway's word wins over an earlier "nothing was charged".
SOURCES = {
    State.OPEN: frozenset({State.OPENING, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.OPENING, State.OPEN}),
    State.DECLINED: UNDECIDED,
    State.CANCELLED: UNDECIDED,
    State.CAPTURED: UNDECIDED | {State.DECLINED, State.CANCELLED},
    State.FLAGGED: UNDECIDED | {State.DECLINED, State.CANCELLED},
    State.REFUNDED: frozenset({State.CAPTURED, State.FLAGGED}),
}

FIRST_CHECK_AFTER = timedelta(seconds=60)  # of a page that was opened: most are paid before
FIRST_RETRY_AFTER = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
# When we ask what became of a page on which nothing is paid, unless its webhook was faster: on the way back, and later.
ASK_ABOUT_PAGES_AFTER = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2), timedelta(days=1))
ASK_AFTER_RETURN = timedelta(seconds=3)  # the webhook is usually faster than the buyer's way back
REFUND_RETRY_AFTER = timedelta(seconds=30)
SETTLED_AFTER = timedelta(hours=3)  # after it moved, the gateway's account and the books have it too (PayPal's: 3 h)


def state_at_gateway(asked: Money, checkout: Checkout) -> State:
    """Where the gateway has a payment of `asked`. Another amount is never captured."""
    return {
        CheckoutStatus.OPEN: State.OPEN,
        CheckoutStatus.PAID: State.CAPTURED if checkout.amount == asked else State.FLAGGED,
        CheckoutStatus.DECLINED: State.DECLINED,
        CheckoutStatus.EXPIRED: State.CANCELLED,
    }[checkout.status]


def next_check_at(*, checks: int, at: datetime) -> datetime:
    """Five seconds after a question that settled nothing, then twice as long each time, six hours at most."""
    return at + min(FIRST_RETRY_AFTER * (1 << min(checks, 16)), LONGEST_WAIT)

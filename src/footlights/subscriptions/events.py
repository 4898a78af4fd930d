"""Facts about subscriptions. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SubscriptionBegan:
    subscription_id: uuid.UUID
    is_trial: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class TrialEndsSoon:
    """In three days the free days are over, and the card is charged unless they leave before."""

    subscription_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RenewalDeclined:
    """The card was declined. It is tried again at `next_try_at`."""

    subscription_id: uuid.UUID
    reason: str
    next_try_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionEnded:
    """`reason`: cancelled, unpaid or refunded."""

    subscription_id: uuid.UUID
    reason: str
    at: datetime

"""Where a subscription may go from where it stands. Each move has a name; what is not listed cannot happen."""

from datetime import datetime
from enum import Enum

from footlights.subscriptions.records import State

S = State


class Move(Enum):
    """A name, from where, and to where."""

    TRY = frozenset({S.PENDING}), S.TRIALING
    BEGIN = (
        frozenset({S.PENDING, S.TRIALING, S.ENDED}),
        S.ACTIVE,
    )  # from ended: a page that was paid after it had closed
    LAPSE = frozenset({S.PENDING}), S.ENDED
    RENEW = frozenset({S.ACTIVE, S.TRIALING, S.PAST_DUE, S.PAUSED}), S.ACTIVE
    FALL_BEHIND = frozenset({S.ACTIVE, S.TRIALING, S.PAUSED, S.PAST_DUE}), S.PAST_DUE
    PAUSE = frozenset({S.ACTIVE}), S.PAUSED
    RESUME = frozenset({S.PAUSED}), S.ACTIVE
    CANCEL = frozenset({S.ACTIVE, S.TRIALING, S.PAUSED, S.PAST_DUE}), S.CANCELLING
    RETURN = frozenset({S.CANCELLING}), S.ACTIVE
    RETURN_TO_TRIAL = frozenset({S.CANCELLING}), S.TRIALING
    END = frozenset({S.TRIALING, S.ACTIVE, S.PAST_DUE, S.PAUSED, S.CANCELLING}), S.ENDED

    @property
    def sources(self) -> frozenset[State]:
        return self.value[0]

    @property
    def target(self) -> State:
        return self.value[1]


LIVING = frozenset(State) - {S.ENDED}
BELONGS = frozenset(State) - {S.PENDING, S.ENDED}  # of those who are members, or will be again


def return_move(*, trial_ends_at: datetime | None, at: datetime) -> Move:
    """Who comes back during the trial is in the trial again."""
    return Move.RETURN_TO_TRIAL if trial_ends_at and at < trial_ends_at else Move.RETURN

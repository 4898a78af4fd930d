"""What looks like stolen cards stays in the house until a person has looked at it."""

from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.giving.api import Whose, find_bursts
from footlights.ledger.api import list_lines_under
from footlights.payouts.operations.hold_disputed import shares_of
from footlights.payouts.operations.holds import lower_hold, place_hold, raise_hold

LOOKED_AT = "somebody looks at it first"
REASONS = {
    Whose.ACCOUNT: "One account gave {paid} times within an hour, and {declined} cards were declined: " + LOOKED_AT,
    Whose.NETWORK: "From one network {paid} were given within an hour, and {declined} declined: " + LOOKED_AT,
    Whose.RECEIVER: "Of what one channel was given within an hour, {paid} went through and {declined} did not: "
    + LOOKED_AT,
}


@transaction.atomic
def hold_bursts(*, reference: str, at: datetime) -> None:
    """Hold every payee's share of all that was given in one burst with `reference`. Safe to repeat.

    What a person let go stays let go. The trail is told once for each that joins it, and alerts read it there.
    """
    for burst in find_bursts(reference):
        reason = REASONS[burst.whose].format(paid=len(burst.references), declined=burst.declined)
        for each in burst.references:
            for entry in shares_of(each):
                cause = _cause(each, entry.account)
                place_hold(cause=cause, account=entry.account, amount=-entry.amount, reason=reason, at=at)
        record(
            act=Act.GIVING_SUSPECTED,
            object_kind="person",
            object_id=burst.giver_id,
            after={"given": len(burst.references), "declined": burst.declined, "by": burst.whose},
        )


def fit_burst(*, reference: str, at: datetime) -> None:
    """Hold no more than what is left of what was given with `reference`, some of which went back. Safe to repeat."""
    for account in {entry.account for entry in shares_of(reference)}:
        left = [-entry.amount for entry in list_lines_under([reference], [account])]
        lower_hold(cause=_cause(reference, account), to=sum(left[1:], left[0]), at=at)


def hold_again(*, reference: str) -> None:
    """A refund came back to us, and the share with it: hold all of it, where it was held. Safe to repeat.

    What went back for good besides is let go by `fit_burst` once that is surely booked.
    """
    for entry in shares_of(reference):
        raise_hold(cause=_cause(reference, entry.account), to=-entry.amount)


def _cause(reference: str, account: str) -> str:
    return f"burst:{reference}:{account}"

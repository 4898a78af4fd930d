"""What looks like stolen cards stays in the house until a person has looked at it."""

from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.giving.api import find_burst
from footlights.ledger.api import list_lines_under
from footlights.payouts.operations.hold_disputed import shares_of
from footlights.payouts.operations.holds import lower_hold, place_hold

REASON = "One account gave {paid} times within an hour, and {declined} cards were declined: somebody looks at it first"


@transaction.atomic
def hold_burst(*, reference: str, at: datetime) -> None:
    """Hold every payee's share of all that was given in one burst with `reference`. Safe to repeat.

    What a person let go stays let go. The trail is told once for each that joins it, and alerts read it there.
    """
    burst = find_burst(reference)
    if burst is None:
        return
    paid = len(burst.references)
    for each in burst.references:
        for entry in shares_of(each):
            place_hold(
                cause=_cause(each, entry.account),
                account=entry.account,
                amount=-entry.amount,
                reason=REASON.format(paid=paid, declined=burst.declined),
                at=at,
            )
    record(
        act=Act.GIVING_SUSPECTED,
        object_kind="person",
        object_id=burst.giver_id,
        after={"given": paid, "declined": burst.declined},
    )


def fit_burst(*, reference: str, at: datetime) -> None:
    """Hold no more than what is left of what was given with `reference`, some of which went back. Safe to repeat."""
    for account in {entry.account for entry in shares_of(reference)}:
        left = [-entry.amount for entry in list_lines_under([reference], [account])]
        lower_hold(cause=_cause(reference, account), to=sum(left[1:], left[0]), at=at)


def _cause(reference: str, account: str) -> str:
    return f"burst:{reference}:{account}"

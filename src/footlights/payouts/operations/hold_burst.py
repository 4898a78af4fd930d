"""What looks like stolen cards stays in the house until a person has looked at it."""

from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.giving.api import find_burst
from footlights.payouts.operations.hold_disputed import shares_of
from footlights.payouts.operations.holds import place_hold

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
                cause=f"burst:{each}:{entry.account}",
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

"""What the trail is told of a payout. Joins the caller's transaction."""

import uuid
from typing import Any

from footlights.audit.api import Act, record
from footlights.payouts.models import DestinationRow, HoldRow, PayoutRow
from footlights.payouts.operations.payee import receiver_of
from footlights.payouts.policies import CREATOR, owner_of

Told = PayoutRow | DestinationRow | HoldRow


def tell(act: Act, about: Told, **after: Any) -> None:
    """The payee finds it among their own, a channel's payout the channel too."""
    kind, owner_id = owner_of(about.account)
    record(
        act=act,
        object_kind="payout_destination" if isinstance(about, DestinationRow) else "payout",
        object_id=about.pk,
        channel_id=owner_id if kind == CREATOR else None,
        person_ids=[receiver_of(about.account)],
        after=after,
    )


def words_of(row: PayoutRow | HoldRow) -> dict[str, Any]:
    amount = row.to_record().amount
    return {"account": row.account, "amount": f"{amount.decimal} {amount.currency}", "reason": row.reason}


def actor(person_id: uuid.UUID | None) -> str:
    return "a person" if person_id else "the schedule"

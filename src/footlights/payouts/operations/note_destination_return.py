"""A payee came back from the gateway's page."""

import uuid
from datetime import datetime

from footlights.payments import api as payments
from footlights.payouts.operations.payee import require_payee


def note_destination_return(*, account: str, by_id: uuid.UUID, at: datetime) -> bool:
    """Ask at once whether the gateway knows all it needs; what was chosen comes as an event.

    Call outside a transaction. Raises NotFoundError to whoever may not say where this account's money goes.
    """
    require_payee(account, by_id)
    return payments.note_destination_return(reference=account, at=at)

"""A payee came back from the gateway's page."""

import uuid
from datetime import datetime

from footlights.payments import api as payments
from footlights.payouts.operations.payee import require_payee
from footlights.payouts.operations.set_destination import set_destination


def note_destination_return(*, account: str, by_id: uuid.UUID, at: datetime) -> bool:
    """Ask at once what was chosen there; whether the gateway knows all it needs. Later, an event tells the same.

    Call outside a transaction. Raises NotFoundError to whoever may not say where this account's money goes.
    """
    require_payee(account, by_id)
    chosen = payments.note_destination_return(reference=account, at=at)
    if chosen is None:
        return False
    set_destination(destination_id=uuid.UUID(chosen.ref), account=account, label=chosen.label, at=at)
    return True

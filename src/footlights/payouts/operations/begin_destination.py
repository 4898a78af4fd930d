"""Where shall it go? The gateway asks on its own page."""

import uuid
from datetime import datetime

from footlights.payments.api import open_destination
from footlights.payouts.operations.payee import require_payee


def begin_destination(*, account: str, by_id: uuid.UUID, return_path: str, idempotency_key: str, at: datetime) -> str:
    """The address of the gateway's page. Call outside a transaction. What is chosen there comes back as an event.

    Raises NotFoundError to whoever may not say where this account's money goes, and as payments' open_destination.
    """
    require_payee(account, by_id)
    page = open_destination(reference=account, return_path=return_path, idempotency_key=idempotency_key, at=at)
    return page.hosted_url

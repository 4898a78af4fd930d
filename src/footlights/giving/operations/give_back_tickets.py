"""Tickets that were given, to a broadcast that is over: what opens nothing any more goes back to its giver."""

import logging
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from footlights.giving.models import IS_WAITING, GiftRow
from footlights.giving.operations.deferring import defer_return
from footlights.giving.operations.give_back import give_back, withdraw
from footlights.giving.records import State
from footlights.monetization.api import lock_event
from footlights.payments.api import NothingToRefundError

logger = logging.getLogger(__name__)


def end_tickets(*, broadcast_id: uuid.UUID, given_back: bool) -> None:
    """Begin a job for each: all of them when tickets go back, else those nobody opened and no recording waits for.

    Safe to repeat. One whose money comes later is seen to when it does.
    """
    waiting = Q() if given_back else IS_WAITING
    rows = GiftRow.objects.filter(waiting, broadcast_id=broadcast_id, state=State.PAID).order_by("pk")
    with transaction.atomic():
        for row in rows:
            if not lock_event(row.offer_id):
                defer_return(row.pk)


def give_ticket_back(*, gift_id: uuid.UUID, at: datetime) -> None:
    """All that is left of what was paid for it, opened or not; once, however often it is called.

    Call outside a transaction. Where a bank has the money already, its dispute decides. Raises
    GatewayUnreachableError and GatewayRefusedError: repeat.
    """
    row = GiftRow.objects.get(pk=gift_id)
    if row.state != State.PAID:
        return
    withdraw(row, None, at)
    try:
        give_back(row, idempotency_key=f"ticket:{row.reference}", at=at)
    except NothingToRefundError as error:
        logger.info("A given ticket is not given back: %s", error, extra={"gift_id": str(gift_id)})

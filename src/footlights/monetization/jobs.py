"""Background work of monetization. Thin: ids in, one operation called."""

from uuid import UUID

from footlights.kernel.clock import now
from footlights.kernel.jobs import job
from footlights.monetization.operations import give_back_tickets as tickets


@job(tries=8)
def give_tickets_back(broadcast_id: str) -> None:
    tickets.give_back_all(broadcast_id=UUID(broadcast_id))


@job(tries=8)
def give_ticket_back(purchase_id: str) -> None:
    tickets.give_back_ticket(purchase_id=UUID(purchase_id), at=now())

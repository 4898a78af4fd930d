"""Background work of giving."""

from uuid import UUID

from footlights.giving.operations import give_back_tickets as tickets
from footlights.giving.operations.note_origin import forget_origins
from footlights.giving.operations.send_gift import send_due
from footlights.kernel.clock import now
from footlights.kernel.jobs import job


@job(cron="* * * * * 15", tries=1)
def send_gifts(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    send_due(at=now())


@job(cron="50 * * * *", tries=1)
def forget(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    forget_origins(at=now())


@job(tries=8)
def give_ticket_back(gift_id: str) -> None:
    tickets.give_ticket_back(gift_id=UUID(gift_id), at=now())

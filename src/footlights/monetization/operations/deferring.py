"""Jobs that give tickets back, deferred in the caller's transaction. Apart, since jobs import operations."""

import uuid


def defer_return(purchase_id: uuid.UUID) -> None:
    """What was paid for this ticket goes back, after the caller's transaction. Never two at a time for one purchase."""
    from footlights.monetization.jobs import give_ticket_back  # noqa: PLC0415  jobs import operations

    give_ticket_back.configure(lock=f"ticket:{purchase_id}").defer(purchase_id=str(purchase_id))


def defer_returns(broadcast_id: uuid.UUID) -> None:
    """The same for all tickets of a broadcast."""
    from footlights.monetization.jobs import give_tickets_back  # noqa: PLC0415  jobs import operations

    give_tickets_back.configure(lock=f"tickets:{broadcast_id}").defer(broadcast_id=str(broadcast_id))

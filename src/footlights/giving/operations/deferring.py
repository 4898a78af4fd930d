"""A job that gives a gift's money back, deferred in the caller's transaction. Apart, since jobs import operations."""

import uuid


def defer_return(gift_id: uuid.UUID) -> None:
    """All that is left of what was paid for it goes back, after the caller's transaction."""
    from footlights.giving.jobs import give_ticket_back  # noqa: PLC0415  jobs import operations

    give_ticket_back.configure(lock=f"gift:{gift_id}").defer(gift_id=str(gift_id))

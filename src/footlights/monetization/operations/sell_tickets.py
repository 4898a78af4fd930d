"""What `live` tells of a broadcast that tickets are sold for. All join the caller's transaction."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import Channel, may
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.events import publish
from footlights.monetization import policies
from footlights.monetization.events import EventOver
from footlights.monetization.models import IS_CURRENT, EventRow, OfferRow, PurchaseRow
from footlights.monetization.operations.give_back_tickets import promise_all_back
from footlights.monetization.operations.grant_ticket import LIVING
from footlights.monetization.operations.price_abroad import price_abroad
from footlights.monetization.operations.set_offers import check_limits, withdraw, words_of
from footlights.monetization.records import NewOffer, OfferKind


def sell_tickets(
    *, broadcast_id: uuid.UUID, channel: Channel, name: str, ticket: NewOffer | None, by_id: uuid.UUID, at: datetime
) -> None:
    """Sell tickets to a broadcast for the price of `ticket`, or none. The same terms keep their offer.

    Locks the current offer. Raises InvalidInputError: for a price that is not allowed, to whoever may not set prices,
    and where tickets would end that somebody has paid.
    """
    current = OfferRow.objects.filter(IS_CURRENT, broadcast_id=broadcast_id).select_for_update(no_key=True).first()
    if ticket is None and current is None:
        return
    EventRow.objects.update_or_create(id=broadcast_id, defaults={"channel_id": channel.id, "name": name})
    if current and ticket and current.terms == ticket:
        return
    if not may(by_id, Permission.SET_PRICES, channel.id):
        raise InvalidInputError(_("Ask somebody who sets the prices of this channel to sell tickets."), field="price")
    if ticket:
        policies.check_ticket(ticket)
        check_limits(ticket, at)
    elif PurchaseRow.objects.filter(broadcast_id=broadcast_id, state__in=LIVING).exists():
        raise InvalidInputError(_("Tickets were sold, so it stays theirs. Cancel it to give all of them back."))
    if current:
        withdraw(current, at)
    row = _create(broadcast_id, ticket, by_id, at) if ticket else None
    if row:
        price_abroad(row, channel.id, before=current, by_id=by_id, at=at)
    record(
        act=Act.PRICE_CHANGED,
        object_kind="broadcast",
        object_id=broadcast_id,
        channel_id=channel.id,
        person_ids=[channel.owner_id],
        before={"offers": [words_of(current)] if current else []},
        after={"name": name, "offers": [words_of(row)] if row else []},
    )


def _create(broadcast_id: uuid.UUID, ticket: NewOffer, by_id: uuid.UUID, at: datetime) -> OfferRow:
    return OfferRow.objects.create(
        broadcast_id=broadcast_id,
        kind=OfferKind.TICKET,
        amount_minor=ticket.price.amount_minor,
        currency=ticket.price.currency,
        floor_minor=None if ticket.floor is None else ticket.floor.amount_minor,
        early_minor=ticket.early.price.amount_minor if ticket.early else None,
        early_from=ticket.early.from_at if ticket.early else None,
        early_until=ticket.early.until if ticket.early else None,
        replay_days=ticket.replay_days,
        created_by=by_id,
        created_at=at,
    )


def note_event_moved(*, broadcast_id: uuid.UUID, at: datetime) -> None:
    """It begins at another time than ticket holders were told."""
    EventRow.objects.filter(pk=broadcast_id).update(moved_at=at)


def note_event_began(*, broadcast_id: uuid.UUID, at: datetime) -> None:
    """It is on air: from now on nobody gives a ticket back by themselves."""
    EventRow.objects.filter(pk=broadcast_id, began_at=None).update(began_at=at)


def note_event_over(*, broadcast_id: uuid.UUID, took_place: bool, at: datetime) -> None:
    """No ticket is sold any more. One that did not take place gives all money back. Safe to repeat.

    Publishes EventOver.
    """
    event = EventRow.objects.select_for_update(no_key=True).filter(pk=broadcast_id, over_at=None).first()
    if event is None:
        return
    event.over_at = at
    event.save(update_fields=["over_at"])
    OfferRow.objects.filter(IS_CURRENT, broadcast_id=broadcast_id).update(withdrawn_at=at)
    if took_place:
        publish(EventOver(broadcast_id, given_back=False, at=at))
    else:
        promise_all_back(event, at)

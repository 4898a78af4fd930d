"""Tickets: who may come to a broadcast, who has one, what they brought. Bounded reads; the rules are in attendance."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from footlights.accounts.api import Permission
from footlights.catalog.api import is_follower, may
from footlights.kernel.money import Money
from footlights.monetization import attendance
from footlights.monetization.attendance import Attendance, Door, Event, Ticket
from footlights.monetization.local import for_buyer
from footlights.monetization.models import IS_CURRENT, EntitlementRow, EventRow, MembershipRow, OfferRow, PurchaseRow
from footlights.monetization.passes import find_in_pass
from footlights.monetization.queries import NOT_THE_CHANNELS
from footlights.monetization.records import Decision, Membership, Offer, PurchaseState
from footlights.prices.api import AT_HOME, Buyer

TICKETS_MAX = 200
HOLDERS_MAX = 100_000


def may_attend(viewer_id: uuid.UUID | None, event: Event, at: datetime) -> Decision:
    """Whether `viewer_id` (None: nobody signed in) may come to a broadcast then, and why. Four queries at most."""
    if event.door is Door.EVERYBODY or viewer_id is None:
        return attendance.decide(event, Attendance(), at)
    is_manager = may(viewer_id, Permission.SEE_CHANNEL, event.channel_id)
    who = Attendance(signed_in=True, is_manager=is_manager)
    if not is_manager:
        tickets, memberships = _tickets(viewer_id, event.id), _memberships(viewer_id, event, at)
        follows = event.door is Door.FOLLOWERS and is_follower(event.channel_id, viewer_id)
        who = Attendance(signed_in=True, is_follower=follows, tickets=tickets, memberships=memberships)
    return attendance.decide(event, who, at)


def holds_ticket(viewer_id: uuid.UUID, broadcast_id: uuid.UUID) -> bool:
    """One that was not given back; it may wait for a bank."""
    return EntitlementRow.objects.filter(viewer_id=viewer_id, broadcast_id=broadcast_id, revoked_at=None).exists()


def had_ticket(viewer_id: uuid.UUID, broadcast_id: uuid.UUID) -> bool:
    """Ever, given back or not."""
    return EntitlementRow.objects.filter(viewer_id=viewer_id, broadcast_id=broadcast_id).exists()


def find_ticket_offer(broadcast_id: uuid.UUID, buyer: Buyer = AT_HOME) -> Offer | None:
    """What a ticket costs now, as this buyer is asked for it; None when none is sold."""
    row = OfferRow.objects.filter(IS_CURRENT, broadcast_id=broadcast_id).first()
    return for_buyer(row.to_record(), buyer) if row else None


def ticket_offers(broadcast_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Offer]:
    """What a ticket to each of these costs now, at home; those that sell none are not there. One query."""
    rows = OfferRow.objects.filter(IS_CURRENT, broadcast_id__in=broadcast_ids)
    return {row.broadcast_id: row.to_record() for row in rows if row.broadcast_id}


def event_name(broadcast_id: uuid.UUID) -> str:
    """What a broadcast with tickets is called; empty for one that never had any."""
    return EventRow.objects.filter(pk=broadcast_id).values_list("name", flat=True).first() or ""


def list_tickets(viewer_id: uuid.UUID) -> list[Ticket]:
    """Those the viewer has, the newest first, of broadcasts to come and over; at most 200."""
    rows = EntitlementRow.objects.filter(viewer_id=viewer_id, broadcast_id__isnull=False, revoked_at=None)
    return [_ticket(row) for row in rows.order_by("-granted_at", "-id")[:TICKETS_MAX]]


def list_ticket_holders(broadcast_id: uuid.UUID, at: datetime) -> list[uuid.UUID]:
    """Everybody who had a ticket at that moment, given back since or not; at most 100,000."""
    lasting = Q(revoked_at=None) | Q(revoked_at__gte=at)
    rows = EntitlementRow.objects.filter(lasting, broadcast_id=broadcast_id, granted_at__lte=at)
    return list(rows.order_by("viewer_id").values_list("viewer_id", flat=True).distinct()[:HOLDERS_MAX])


@dataclass(frozen=True, slots=True)
class TicketSales:
    """What the tickets to one broadcast brought in one currency; what went back is taken off."""

    sold: int
    gross: Money
    net: Money


def ticket_sales(broadcast_id: uuid.UUID) -> list[TicketSales]:
    """By currency, the most sold first."""
    rows = (
        PurchaseRow.objects.filter(Q(paid_at__isnull=False), broadcast_id=broadcast_id, state=PurchaseState.PAID)
        .values("currency")
        .annotate(sold=Count("id"), gross=Sum(F("amount_minor") - F("refunded_minor")), kept=Sum(NOT_THE_CHANNELS))
        .order_by("-sold", "currency")
    )
    return [
        TicketSales(
            row["sold"],
            Money(int(row["gross"]), row["currency"]),
            Money(int(row["gross"] - row["kept"]), row["currency"]),
        )
        for row in rows
    ]


def _tickets(viewer_id: uuid.UUID, broadcast_id: uuid.UUID) -> Sequence[Ticket]:
    rows = EntitlementRow.objects.filter(viewer_id=viewer_id, broadcast_id=broadcast_id)
    return [_ticket(row) for row in rows[:TICKETS_MAX]]


def _memberships(viewer_id: uuid.UUID, event: Event, at: datetime) -> list[Membership]:
    if event.tier is None:
        return []
    whose = Q(channel_id=event.channel_id)
    if event.door is Door.MEMBERS and find_in_pass(event.channel_id, at):
        whose |= Q(channel_id=None)
    rows = MembershipRow.objects.filter(whose, viewer_id=viewer_id, until__gt=at)
    return [row.to_record() for row in rows[:TICKETS_MAX]]


def _ticket(row: EntitlementRow) -> Ticket:
    assert row.broadcast_id  # noqa: S101  only such rows are asked for
    return Ticket(row.broadcast_id, row.granted_at, row.revoked_at, row.held_at)

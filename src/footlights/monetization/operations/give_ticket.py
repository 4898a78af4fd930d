"""Let somebody come to a broadcast with a ticket that another paid for, and see its recording; and take it back."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from footlights.monetization.models import EntitlementRow, EventRow, GrantRow, OfferRow
from footlights.monetization.records import OfferKind


def lock_event(offer_id: uuid.UUID) -> bool:
    """Whether a ticket by this offer still lets anybody in, or see the recording. Joins the caller's transaction.

    Locks the event, so that whoever ends it, or gives all tickets back, waits for what the caller does.
    """
    offer, event = _locked(offer_id)
    return not event.given_back_at and not (event.over_at and offer.replay_days == 0)


def give_ticket(*, viewer_id: uuid.UUID, offer_id: uuid.UUID, cause: str, at: datetime) -> None:
    """Let `viewer_id` come to the broadcast the offer is for, and see its recording; once for each cause.

    Giving again what was taken back lets the same person come again. Joins the caller's transaction; locks the event,
    so that a recording that is there at the same moment is granted by one of the two.
    """
    with transaction.atomic():
        _offer, event = _locked(offer_id)
        if GrantRow.objects.filter(pk=cause).exists():
            _granted_by(cause).update(revoked_at=None)
        else:
            seat = EntitlementRow.objects.create(
                viewer_id=viewer_id, broadcast_id=event.pk, kind=OfferKind.TICKET, granted_at=at
            )
            GrantRow.objects.create(cause=cause, entitlement=seat, offer_id=offer_id)
        if event.replay_id:
            _grant_replay(GrantRow.objects.filter(pk=cause).select_related("entitlement"), event.replay_id, at)


def grant_given_replays(*, broadcast_id: uuid.UUID, title_id: uuid.UUID, at: datetime) -> None:
    """There is a recording: whoever was given a ticket that says so may see it. The caller has locked the event."""
    seats = GrantRow.objects.filter(entitlement__broadcast_id=broadcast_id, entitlement__revoked_at=None)
    _grant_replay(seats.select_related("entitlement"), title_id, at)


def take_ticket(*, cause: str, at: datetime) -> None:
    """What was given for `cause` opens nothing any more. Safe to repeat, and for a cause that never was."""
    _granted_by(cause).filter(revoked_at=None).update(revoked_at=at)


def _locked(offer_id: uuid.UUID) -> tuple[OfferRow, EventRow]:
    offer = OfferRow.objects.get(pk=offer_id, broadcast_id__isnull=False)
    return offer, EventRow.objects.select_for_update(no_key=True).get(pk=offer.thing_id)


def _grant_replay(seats: Iterable[GrantRow], title_id: uuid.UUID, at: datetime) -> None:
    """What was granted before stays as it is."""
    wanted = {f"{seat.cause}:{title_id}": seat for seat in seats}
    known = set(GrantRow.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    offers = OfferRow.objects.in_bulk({seat.offer_id for seat in wanted.values() if seat.offer_id})
    for cause, seat in wanted.items():
        lasts = offers[seat.offer_id].replay_days if seat.offer_id else 0
        if cause in known or lasts == 0:
            continue
        replay = EntitlementRow.objects.create(
            viewer_id=seat.entitlement.viewer_id,
            title_id=title_id,
            kind=OfferKind.TICKET,
            granted_at=at,
            ends_at=None if lasts is None else at + timedelta(days=lasts),
        )
        GrantRow.objects.create(cause=cause, entitlement=replay, offer_id=seat.offer_id)


def _granted_by(cause: str) -> QuerySet[EntitlementRow]:
    of_it = Q(grant__cause=cause) | Q(grant__cause__startswith=f"{cause}:")
    return EntitlementRow.objects.filter(of_it, kind=OfferKind.TICKET)

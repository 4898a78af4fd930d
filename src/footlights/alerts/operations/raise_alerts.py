"""Make alerts of what detectors say."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from footlights.alerts import jobs, policies
from footlights.alerts.models import AlertRow, DeliveryRow, DestinationRow, SilenceRow
from footlights.alerts.records import Trip

RECORDS_KEPT = 20
GROWING = ("words", "count", "window_s", "usual", "facts", "records", "last_at", "is_silenced", "told_again_at")


def raise_alerts(trips: Iterable[Trip], *, at: datetime) -> int:
    """Open an alert for each trip, or let the one that is open grow; returns how many were opened.

    Joins the caller's transaction, in which the jobs that tell people are deferred: an alert that is there is told, one
    that is told is there. Of a kind and subject one is open at a time, by constraint; whoever calls this is alone.
    """
    opened = 0
    for trip in trips:
        row = (
            AlertRow.objects.select_for_update(no_key=True)
            .filter(kind=trip.kind, subject=trip.subject, ended_at=None)
            .first()
        )
        if row is None:
            _open(trip, at)
            opened += 1
        else:
            _grow(row, trip, at)
    return opened


def end_quiet(*, at: datetime) -> int:
    """Alerts that have been quiet for long are over; the next of their kind and subject is told anew."""
    return AlertRow.objects.filter(ended_at=None, last_at__lt=at - policies.QUIET_AFTER).update(ended_at=at)


def _open(trip: Trip, at: datetime) -> None:
    silenced = _is_silenced(trip, at)
    row = AlertRow.objects.create(
        kind=trip.kind,
        subject=trip.subject,
        words=trip.words,
        count=trip.count,
        window_s=trip.window_s,
        usual=trip.usual,
        facts=trip.facts,
        records=list(trip.records)[-RECORDS_KEPT:],
        opened_at=at,
        last_at=at,
        is_silenced=silenced,
    )
    if not silenced:
        _tell(row)


def _tell(row: AlertRow) -> None:
    deliveries = [DeliveryRow(alert=row, to="", is_mail=True)] + [
        DeliveryRow(alert=row, destination=destination, to=destination.name, is_mail=False)
        for destination in DestinationRow.objects.order_by("made_at")
    ]
    for delivery in DeliveryRow.objects.bulk_create(deliveries):
        jobs.deliver.defer(delivery_id=str(delivery.id))


def _grow(row: AlertRow, trip: Trip, at: datetime) -> None:
    """The worst that was seen stays; its words too, so that they do not contradict what was told."""
    if trip.count > row.count:
        row.words, row.count, row.window_s, row.usual = trip.words, trip.count, trip.window_s, trip.usual
    row.facts = row.facts | trip.facts
    row.records = [*row.records, *(each for each in trip.records if each not in row.records)][-RECORDS_KEPT:]
    row.last_at = at
    is_heard_again = row.is_silenced and not _is_silenced(trip, at)
    row.is_silenced = row.is_silenced and not is_heard_again
    is_told_again = not row.is_silenced and _has_outgrown(row)
    row.told_again_at = at if is_told_again else row.told_again_at
    row.save(update_fields=GROWING)
    if is_heard_again or is_told_again:
        _tell(row)


def _has_outgrown(row: AlertRow) -> bool:
    """Whether it is much larger than what somebody took on, and nobody was told so yet."""
    return (
        row.acknowledged_count is not None
        and row.told_again_at is None
        and policies.has_grown(row.count, row.acknowledged_count)
    )


def _is_silenced(trip: Trip, at: datetime) -> bool:
    such = SilenceRow.objects.filter(Q(subject=trip.subject) | Q(subject=""), kind=trip.kind, until__gt=at)
    return such.exists()

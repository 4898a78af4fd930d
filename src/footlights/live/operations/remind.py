"""A mail shortly before a broadcast begins, to those who asked for it, and to each once.

Who is due is asked of the broadcast's start as it is now: a reminder moves with it, and none is due of what was
cancelled.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from footlights.kernel.events import publish
from footlights.live import models, policies, queries
from footlights.live.errors import WrongMomentError
from footlights.live.events import RemindersDue
from footlights.live.records import State

AT_ONCE = 200


def ask_for_reminder(*, broadcast_id: UUID, person_id: UUID, at: datetime) -> None:
    """Remind this person, once. Safe to repeat. Raises NotFoundError, WrongMomentError."""
    if not policies.takes_reminders(queries.get_broadcast(broadcast_id), at):
        raise WrongMomentError(_("It is too late for a reminder: it begins soon, or has begun."))
    models.ReminderRow.objects.get_or_create(broadcast_id=broadcast_id, person_id=person_id, defaults={"asked_at": at})


def drop_reminder(*, broadcast_id: UUID, person_id: UUID) -> None:
    """Send this person none. Safe to repeat."""
    models.ReminderRow.objects.filter(broadcast_id=broadcast_id, person_id=person_id).delete()


@transaction.atomic
def announce_reminders(at: datetime) -> int:
    """Publish RemindersDue of each broadcast that some are to be reminded of; returns of how many. Repeatable."""
    rows = models.BroadcastRow.objects.filter(Q(reminders__in=_due(at))).distinct().order_by("pk")
    due = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for broadcast_id in due:
        publish(RemindersDue(broadcast_id, at))
    return len(due)


def take_due_reminders(broadcast_id: UUID, at: datetime) -> list[UUID]:
    """Who is to be reminded now, some at a time; they are not again.

    Joins the caller's transaction, which sends the mails: then both are done or neither is, whenever the process ends.
    Two callers take different ones.
    """
    starts_at = models.BroadcastRow.objects.values_list("starts_at", flat=True).get(pk=broadcast_id)
    due = _due(at).filter(broadcast_id=broadcast_id).order_by("pk")
    taken = list(due.select_for_update(no_key=True, skip_locked=True, of=("self",))[:AT_ONCE])
    models.ReminderRow.objects.filter(pk__in=[row.pk for row in taken]).update(told_start=starts_at)
    return [row.person_id for row in taken]


def _due(at: datetime) -> QuerySet[models.ReminderRow]:
    shift = policies.TELLING_SHIFT
    is_new = (
        Q(told_start=None)
        | Q(told_start__lte=F("broadcast__starts_at") - shift)
        | Q(told_start__gte=F("broadcast__starts_at") + shift)
    )
    begins = Q(
        broadcast__state=State.PLANNED,
        broadcast__starts_at__gt=at,
        broadcast__starts_at__lte=at + policies.REMINDED_BEFORE,
    )
    began = Q(told_start=None, broadcast__state=State.ON_AIR, broadcast__on_air_at__gt=at - policies.BEGUN_WITHIN)
    return models.ReminderRow.objects.filter(is_new & begins | began)

"""Write to people before their free days are over."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from footlights.kernel import events
from footlights.subscriptions.events import TrialEndsSoon
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.records import State

DAYS_BEFORE = timedelta(days=3)
FOUND_MAX = 5_000  # what may wait in the queue at a time


def list_ending(*, at: datetime) -> list[uuid.UUID]:
    """The trials that end within three days and whose members were not told, up to 5,000, that end first at first.

    A trial of three days or less is left out: its welcome said all this. Who has cancelled is not charged, and hears
    nothing.
    """
    ending = _untold().filter(
        trial_ends_at__gt=at, trial_ends_at__lte=at + DAYS_BEFORE, began_at__lt=F("trial_ends_at") - DAYS_BEFORE
    )
    return list(ending.order_by("trial_ends_at").values_list("pk", flat=True)[:FOUND_MAX])


def tell_of_trial(*, subscription_id: uuid.UUID, at: datetime) -> bool:
    """Tell of one that it ends, once however often and however many at a time call it; returns whether this one did.

    Publishes TrialEndsSoon in the transaction that notes it was told. Whose trial is over meanwhile hears nothing.
    """
    with transaction.atomic():
        untold = _untold().filter(pk=subscription_id, trial_ends_at__gt=at)
        if not untold.update(trial_end_told_at=at):
            return False
        events.publish(TrialEndsSoon(subscription_id, at))
        return True


def _untold() -> QuerySet[SubscriptionRow]:
    return SubscriptionRow.objects.filter(state=State.TRIALING, trial_end_told_at=None)

"""Write to people before their free days are over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from footlights.kernel import events
from footlights.subscriptions.events import TrialEndsSoon
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.records import State

DAYS_BEFORE = timedelta(days=3)
BATCH_MAX = 500


def tell_of_trials(*, at: datetime) -> int:
    """Of up to 500 trials that end within three days, once each however often it is called; returns how many.

    A trial of three days or less is left out: its welcome said all this. Who has cancelled is not charged, and hears
    nothing. Publishes TrialEndsSoon in the transaction that notes it was told.
    """
    ending = SubscriptionRow.objects.filter(
        state=State.TRIALING,
        trial_end_told_at=None,
        trial_ends_at__gt=at,
        trial_ends_at__lte=at + DAYS_BEFORE,
        began_at__lt=F("trial_ends_at") - DAYS_BEFORE,
    )
    told = 0
    for subscription_id in list(ending.order_by("trial_ends_at").values_list("pk", flat=True)[:BATCH_MAX]):
        with transaction.atomic():
            untold = SubscriptionRow.objects.filter(pk=subscription_id, state=State.TRIALING, trial_end_told_at=None)
            if untold.update(trial_end_told_at=at):
                events.publish(TrialEndsSoon(subscription_id, at))
                told += 1
    return told

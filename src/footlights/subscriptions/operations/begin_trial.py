"""A card is kept, or chosen: a trial begins, what is owed is paid."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from footlights.kernel import events
from footlights.payments.api import SetupState, settle_method_setup
from footlights.subscriptions.events import SubscriptionBegan
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.operations.advance import advance
from footlights.subscriptions.operations.lowering import settle
from footlights.subscriptions.operations.membership import let_in
from footlights.subscriptions.operations.moving import lock, move
from footlights.subscriptions.policies.periods import months_after
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.queries import may_try
from footlights.subscriptions.records import State

DAY = timedelta(days=1)


def note_method(*, payer_id: uuid.UUID, at: datetime) -> None:
    """Begin the trials that waited for this person's card, and ask it for what is owed, at once.

    Call outside a transaction. Safe to repeat. Raises GatewayUnreachableError, for the job to try again.
    """
    waiting = SubscriptionRow.objects.filter(subscriber_id=payer_id, state=State.PENDING, setup_id__isnull=False)
    for subscription_id in list(waiting.values_list("pk", flat=True)):
        begin_trial(subscription_id=subscription_id, at=at)
    for subscription_id in list(
        SubscriptionRow.objects.filter(subscriber_id=payer_id, state=State.PAST_DUE, due_at__isnull=False).values_list(
            "pk", flat=True
        )
    ):
        SubscriptionRow.objects.filter(pk=subscription_id, state=State.PAST_DUE, due_at__gt=at).update(due_at=at)
        advance(subscription_id=subscription_id, at=at)


def begin_trial(*, subscription_id: uuid.UUID, at: datetime) -> None:
    """Begin it if its own page left a card; another page's does not. Call outside a transaction; safe to repeat."""
    setup_id = SubscriptionRow.objects.values_list("setup_id", flat=True).get(pk=subscription_id)
    if setup_id is None or settle_method_setup(setup_id=setup_id, at=at).state is not SetupState.SAVED:
        return
    with transaction.atomic():
        row = lock(subscription_id)
        if row.state != State.PENDING:
            return
        days = row.terms.trial_days if may_try(row.subscriber_id, row.channel_id) else 0
        ends_at = months_after(at + days * DAY, row.free_months)
        period = {"period_start": at, "period_end": ends_at, "trial_ends_at": ends_at, "due_at": ends_at}
        move(row, Move.TRY, began_at=at, hosted_url="", **period)
        settle(row)
        let_in(row, at=at)
        events.publish(SubscriptionBegan(row.pk, is_trial=True, at=at))

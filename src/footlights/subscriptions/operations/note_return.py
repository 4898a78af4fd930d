"""A subscriber came back from the gateway's page."""

import uuid
from datetime import datetime

from footlights.payments import api as payments
from footlights.payments.api import GatewayUnreachableError
from footlights.subscriptions.models import AttemptRow
from footlights.subscriptions.operations.begin_trial import begin_trial
from footlights.subscriptions.queries import get_subscription
from footlights.subscriptions.records import AttemptState, State


def note_return(*, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, at: datetime) -> None:
    """Let payments expect the answer now; a kept card begins its trial at once. Call outside a transaction.

    Safe to repeat. Raises NotFoundError for another's.
    """
    if get_subscription(subscription_id, subscriber_id).state is not State.PENDING:
        return
    attempt = AttemptRow.objects.filter(
        invoice__subscription_id=subscription_id, state=AttemptState.UNDECIDED, payment_id__isnull=False
    ).first()
    if attempt is not None and attempt.payment_id:
        payments.note_return(payment_id=attempt.payment_id, at=at)
        return
    try:
        begin_trial(subscription_id=subscription_id, at=at)
    except GatewayUnreachableError:
        return  # its webhook tells, or the next look

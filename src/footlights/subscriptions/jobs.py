"""Background work of subscriptions."""

import uuid

from footlights.kernel.clock import now
from footlights.kernel.jobs import job
from footlights.payments.api import refund_payment
from footlights.subscriptions.operations.advance import advance_due
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.share_pass import share_due
from footlights.subscriptions.operations.tell_of_trials import tell_of_trials


@job(cron="* * * * * 30", tries=1)
def renew(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    advance_due(at=now())


@job(cron="11 * * * *", tries=1)
def earn(timestamp: int) -> None:  # noqa: ARG001  as above
    earn_due(at=now())


@job(cron="41 * * * *", tries=1)
def tell(timestamp: int) -> None:  # noqa: ARG001  as above
    tell_of_trials(at=now())


@job(cron="27 3 * * *", tries=1)
def share_passes(timestamp: int) -> None:  # noqa: ARG001  as above
    share_due(at=now())


@job(tries=10)
def give_back(payment_id: str) -> None:
    refund_payment(payment_id=uuid.UUID(payment_id), idempotency_key=f"unneeded:{payment_id}", at=now())

"""Background work of subscriptions."""

import uuid

from footlights.kernel.clock import now
from footlights.kernel.jobs import AFTER_THE_REST, defer_each, job
from footlights.payments.api import refund_payment
from footlights.subscriptions.operations.advance import advance, ask, list_due, list_unsent
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.share_pass import share_due
from footlights.subscriptions.operations.tell_of_trials import list_ending, tell_of_trial


@job(cron="* * * * * 30", tries=1)
def renew(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    at = now()
    defer_each(renew_one, subscription_id=list_due(at=at))
    defer_each(ask_again, attempt_id=list_unsent(at=at))


@job(tries=10, priority=AFTER_THE_REST)
def renew_one(subscription_id: str) -> None:
    advance(subscription_id=uuid.UUID(subscription_id), at=now())


@job(tries=10, priority=AFTER_THE_REST)
def ask_again(attempt_id: str) -> None:
    ask(attempt_id=uuid.UUID(attempt_id), at=now())


@job(cron="11 * * * *", tries=1)
def earn(timestamp: int) -> None:  # noqa: ARG001  as above
    earn_due(at=now())


@job(cron="* * * * * 45", tries=1)
def tell(timestamp: int) -> None:  # noqa: ARG001  as above
    defer_each(tell_one, subscription_id=list_ending(at=now()))


@job(tries=10, priority=AFTER_THE_REST)
def tell_one(subscription_id: str) -> None:
    tell_of_trial(subscription_id=uuid.UUID(subscription_id), at=now())


@job(cron="27 3 * * *", tries=1)
def share_passes(timestamp: int) -> None:  # noqa: ARG001  as above
    share_due(at=now())


@job(tries=10)
def give_back(payment_id: str) -> None:
    refund_payment(payment_id=uuid.UUID(payment_id), idempotency_key=f"unneeded:{payment_id}", at=now())

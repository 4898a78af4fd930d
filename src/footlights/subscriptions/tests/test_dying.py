"""Before every single statement of what happens by itself, the process dies. Another run finishes it: nothing twice.

What was committed stays, what was not is gone, as with a process that is killed; each death is undone by a savepoint.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction

from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.payments.testing import pay_with, settle_unknown, webhooks_arrive
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.models import AttemptRow, InvoiceRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.note_paid import note_paid
from footlights.subscriptions.testing import advance_due, begin

pytestmark = pytest.mark.django_db
STATEMENTS_MAX = 200


class DiedError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@contextmanager
def dies_before(statement: int) -> Iterator[None]:
    left = statement

    def count(execute, sql, params, many, context):
        nonlocal left
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            left -= 1
            if left == 0:
                raise DiedError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def each_death(action: Callable[[], object], *, step: int = 1) -> Iterator[int]:
    """Run `action` dying before its n-th statement, for every n (or every `step`-th); what follows is undone each time."""
    for statement in range(1, STATEMENTS_MAX, step):
        point, died = transaction.savepoint(), True
        with suppress(DiedError), dies_before(statement):
            action()
            died = False
        yield statement
        transaction.savepoint_rollback(point)
        if not died:
            assert statement > 2, "nothing was tried"
            return
    raise AssertionError(f"more than {STATEMENTS_MAX} statements")


def total(prefix: str) -> int:
    return sum(each.amount.amount_minor for each in list_balances() if each.account.startswith(prefix))


def test_a_renewal_that_dies_anywhere_is_finished_and_charged_once(viewer, plan) -> None:
    begun = begin(viewer, plan)
    at = begun.period_end
    for _statement in each_death(lambda: advance_due(at=at), step=3):
        for minutes in (2, 4):
            settle_unknown(at=at + timedelta(minutes=minutes))
            advance_due(at=at + timedelta(minutes=minutes))
        with webhooks_arrive():
            run_jobs(until=at + timedelta(minutes=5))
        assert list(InvoiceRow.objects.order_by("number").values_list("state", flat=True)) == ["paid", "paid"]
        assert total("gateway") == 2_000
        assert AttemptRow.objects.filter(state="undecided").count() == 0


def test_a_payment_whose_taker_dies_lets_in_once(viewer, plan) -> None:
    begun = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="k", at=now())
    pay_with("paid", begun.hosted_url)
    attempt = AttemptRow.objects.get()

    def take() -> None:
        note_paid(attempt_id=attempt.pk, payment_id=attempt.payment_id, at=now())

    for _statement in each_death(take, step=2):
        is_in = api.get_subscription(begun.id).state is State.ACTIVE
        assert (total("gateway") == 1_000) == is_in, "the books know of it exactly when it is so"
        take()
        assert api.get_subscription(begun.id).state is State.ACTIVE
        assert total("deferred") == -1_000


def test_a_cancellation_that_dies_is_whole_or_was_not(viewer, plan) -> None:
    begun = begin(viewer, plan)

    def leave() -> None:
        api.cancel(subscription_id=begun.id, subscriber_id=viewer.id, at=now())

    for _statement in each_death(leave):
        assert api.get_subscription(begun.id).state in {State.ACTIVE, State.CANCELLING}
        leave()
        assert api.get_subscription(begun.id).state is State.CANCELLING


def test_earning_that_dies_earns_each_day_once(viewer, plan) -> None:
    begun = begin(viewer, plan)
    at = begun.period_start + timedelta(days=3)
    for _statement in each_death(lambda: earn_due(at=at)):
        earn_due(at=at)
        earn_due(at=begun.period_end)
        assert total("deferred") == 0
        assert total("creator") == -900

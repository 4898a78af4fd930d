"""Many memberships come due at once: the sweep finds them, several workers take them, and nobody is charged twice."""

import asyncio
from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.jobs import AFTER_THE_REST, DEFAULT, adopt_orphans, defer_each
from footlights.kernel.testing import run_apart, run_jobs
from footlights.ops.engines.worker import WorkerConnector
from footlights.payments.models import PaymentRow
from footlights.payments.testing import webhooks_arrive
from footlights.subscriptions.jobs import renew, renew_one
from footlights.subscriptions.models import InvoiceRow, SubscriptionRow
from footlights.subscriptions.testing import begin, make_plan

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS = 6


@pytest.fixture
def due():
    """Memberships that are due now."""
    plan = make_plan(make_channel(make_person()))
    begun = [begin(make_person(), plan).id for _ in range(MEMBERS)]
    with webhooks_arrive():
        run_jobs(but="media.")
    SubscriptionRow.objects.update(due_at=now())
    return begun


def waiting() -> Counter[str]:
    return Counter(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def periods_paid() -> list[int]:
    paid = Counter(InvoiceRow.objects.filter(state="paid").values_list("subscription_id", flat=True))
    return sorted(paid.values())


def sweep_at_once(times: int) -> None:
    barrier, failed = Barrier(times), []

    def sweep() -> None:
        try:
            barrier.wait(10)
            renew.func(timestamp=0)
        except Exception as error:  # noqa: BLE001  the test's thread raises it
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sweep) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


def work_until_nothing_is_due(workers: int) -> Counter[int]:
    """As so many worker processes do; returns how many renewals each of them did."""
    did: Counter[int] = Counter()

    def note(number: int):
        def run(call_next, context, worker):
            did[number] += context.job.task_name == renew_one.name
            try:
                return call_next()
            finally:
                connections.close_all()

        return run

    async def work() -> None:
        connector = WorkerConnector(app.connector, kwargs=connector_params(), min_size=1, max_size=4)
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                options = {"queues": [DEFAULT], "wait": False, "concurrency": 2, "install_signal_handlers": False}
                await asyncio.gather(
                    *(
                        worker_app.run_worker_async(
                            **options, delete_jobs="successful", listen_notify=False, task_middleware=[note(number)]
                        )
                        for number in range(workers)
                    )
                )

    with webhooks_arrive():
        run_apart(work())
    return did


def test_sweeps_at_once_defer_one_job_for_each_and_workers_at_once_charge_each_once(due) -> None:
    sweep_at_once(3)
    assert waiting()[renew_one.name] == MEMBERS
    assert set(ProcrastinateJob.objects.filter(status="todo").values_list("priority", flat=True)) == {AFTER_THE_REST}
    did = work_until_nothing_is_due(2)
    assert did.total() == MEMBERS
    assert set(did) == {0, 1}, "one worker did all of it"
    assert periods_paid() == [2] * MEMBERS
    assert PaymentRow.objects.filter(state="captured").count() == 2 * MEMBERS
    renew.func(timestamp=0)
    assert waiting()[renew_one.name] == 0


def test_one_whose_worker_was_killed_is_deferred_once_and_charged_once(due) -> None:
    """The job is marked as begun, by a worker that is gone and had asked for the money already."""
    renew.func(timestamp=0)
    job = ProcrastinateJob.objects.filter(task_name=renew_one.name).earliest("id")
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers default values returning id")
        [worker] = cursor.fetchone()
        cursor.execute("select procrastinate_fetch_job_v2(array['default'], %s)", [worker])
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert ProcrastinateJob.objects.get(pk=job.pk).status == "doing"
    renew_one.func(**job.args)
    SubscriptionRow.objects.filter(pk=job.args["subscription_id"]).update(due_at=now() - timedelta(days=1))
    renew.func(timestamp=0)
    assert waiting()[renew_one.name] == MEMBERS - 1, "the one that runs has no second job"

    class Context:
        def __init__(self, worker_app) -> None:
            self.app = worker_app

    async def adopt() -> None:
        connector = WorkerConnector(app.connector, kwargs=connector_params(), min_size=1, max_size=1)
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                await adopt_orphans.func(Context(worker_app), timestamp=0)

    run_apart(adopt())
    assert waiting()[renew_one.name] == MEMBERS
    SubscriptionRow.objects.filter(pk=job.args["subscription_id"]).update(due_at=None)
    work_until_nothing_is_due(1)
    assert periods_paid() == [2] * MEMBERS


def test_one_that_fails_keeps_no_other_waiting_and_is_tried_again(due, monkeypatch) -> None:
    from footlights.subscriptions import jobs

    does = jobs.advance

    def fail_for_the_first(*, subscription_id, at) -> None:
        if subscription_id == due[0]:
            raise ZeroDivisionError
        does(subscription_id=subscription_id, at=at)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "advance", fail_for_the_first)
        renew.func(timestamp=0)
        work_until_nothing_is_due(1)
    assert periods_paid() == [1] + [2] * (MEMBERS - 1)
    renew.func(timestamp=0)
    assert waiting()[renew_one.name] == 1, "it waits for its next try, and gets no second job"
    run_jobs(only=renew_one.name, until=now() + timedelta(minutes=1))
    assert periods_paid() == [2] * MEMBERS


def test_nothing_to_defer_defers_nothing(db) -> None:
    assert defer_each(renew_one, subscription_id=[]) == 0

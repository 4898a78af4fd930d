import asyncio
import threading

import pytest
from django.db import connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from footlights.kernel.testing import run_apart
from footlights.ops.engines.worker import WorkerConnector, threads_for


class ChangedItsMindError(Exception):
    pass


def in_a_job(work) -> None:
    """As the worker runs a synchronous job: in a thread, while the app has the worker's connector."""

    def job() -> None:
        try:
            work()
        finally:
            connections.close_all()

    async def run() -> None:
        connector = WorkerConnector(app.connector, kwargs=connector_params(), min_size=1, max_size=1)
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                await asyncio.to_thread(job)

    run_apart(run())


@pytest.mark.django_db(transaction=True)
def test_what_a_job_defers_in_a_transaction_that_fails_never_runs() -> None:
    def work() -> None:
        with pytest.raises(ChangedItsMindError), transaction.atomic():
            app.configure_task("nobody.does.this").defer()
            raise ChangedItsMindError

    in_a_job(work)
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_job_defers_is_there_once_its_transaction_is_through() -> None:
    seen_before = []

    def work() -> None:
        with transaction.atomic():
            app.configure_task("nobody.does.this").defer()
            seen_before.append(seen_from_outside())

    in_a_job(work)
    assert seen_before == [0]
    assert ProcrastinateJob.objects.count() == 1


def test_every_lane_has_a_thread_for_each_of_its_jobs_however_few_processors_there_are() -> None:
    concurrencies = [4, 2, 1, 33]
    all_at_once = threading.Barrier(sum(concurrencies))

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(threads_for(concurrencies))
        await asyncio.gather(*(asyncio.to_thread(all_at_once.wait, 10) for _ in range(sum(concurrencies))))

    run_apart(run())


def seen_from_outside() -> int:
    import psycopg

    with psycopg.connect(connections["default"].connection.info.dsn) as other:
        return other.execute("select count(*) from procrastinate_jobs").fetchone()[0]

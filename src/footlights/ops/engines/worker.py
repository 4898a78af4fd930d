"""The worker process: four lanes in one event loop, and the watch beside them.

Short jobs run a few at once, alerts beside them; a film's first rendition and another film's further qualities run
one at a time each.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from footlights.kernel import tracing
from footlights.ops.engines import checks, watch

logger = logging.getLogger(__name__)

GRACE_S = 3.0
PAUSE_S = 1.0
POLL_S = 1.0  # nobody tells a lane that a lock held by a job of another lane is free
DEFAULT_CONCURRENCY = 4
URGENT_CONCURRENCY = 2
MEDIA_FIRST_CONCURRENCY = 1
MEDIA_CONCURRENCY = 1
SPARE_THREADS = 2  # for what the loop does in threads itself, such as looking up names
NEEDS = ("footlights.alerts.api", "footlights.ops.doctor.machine", "footlights.ops.doctor.service", "psycopg_pool")


def work() -> None:
    """Until SIGTERM, then give running jobs GRACE_S; what is not done by then is picked up by the next worker."""
    asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415  needs Django to be set up
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415  as above

    from footlights.kernel import jobs  # noqa: PLC0415  as above

    media = int(os.environ.get("FOOTLIGHTS_MEDIA_JOBS", MEDIA_CONCURRENCY))
    connector = WorkerConnector(app.connector, kwargs=connector_params(), min_size=1, max_size=8)
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            worker_app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's own
            lanes = [
                _Lane(worker_app, jobs.DEFAULT, DEFAULT_CONCURRENCY),
                _Lane(worker_app, jobs.URGENT, URGENT_CONCURRENCY),
                _Lane(worker_app, jobs.MEDIA_FIRST, MEDIA_FIRST_CONCURRENCY),
                _Lane(worker_app, jobs.MEDIA, media),
            ]
            loop = asyncio.get_running_loop()
            loop.set_default_executor(threads_for([lane.concurrency for lane in lanes]))
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, _stop, lanes, loop)
            end_watch, end_checks = watch.start(), checks.start()
            await asyncio.gather(*(lane.run() for lane in lanes))
            end_watch(), end_checks()
    tracing.flush()
    # Threads of jobs that did not stop in time would keep the interpreter alive.
    os._exit(0)


def threads_for(concurrencies: Sequence[int]) -> ThreadPoolExecutor:
    """One for each job that may run at a time: the loop's own are fewer than the jobs where processors are few.

    Then an alert would wait until a film is converted.
    """
    return ThreadPoolExecutor(sum(concurrencies) + SPARE_THREADS, thread_name_prefix="job")


class WorkerConnector(PsycopgConnector):
    """The worker's own connections. A job that defers another does so through Django's, in the transaction it is in."""

    def __init__(self, of_jobs: BaseConnector, **pool: Any) -> None:
        super().__init__(**pool)
        self._of_jobs = of_jobs

    def get_sync_connector(self) -> BaseConnector:
        return self._of_jobs.get_sync_connector()


class _Lane:
    """One queue and its worker. A worker that loses the database ends once its jobs did; then another takes its place.

    So an encode outlives a restart of PostgreSQL, and the other lanes do not wait for it.
    """

    def __init__(self, app: App, queue: str, concurrency: int) -> None:
        self._app = app
        self._queue = queue
        self.concurrency = concurrency
        self._worker = self._new_worker()
        self._stopping = False

    async def run(self) -> None:
        while not self._stopping:
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]  # the library's own
            except (ConnectorException, psycopg.Error) as error:
                logger.warning("the %s lane lost the database: %s", self._queue, error)
            if not self._stopping:
                await asyncio.sleep(PAUSE_S)
                self._worker = self._new_worker()

    def stop(self) -> None:
        self._stopping = True
        self._worker.stop()  # type: ignore[no-untyped-call]  # the library's own

    def _new_worker(self) -> Worker:
        from footlights.kernel.jobs import HEARTBEAT_S, ORPHANED_AFTER_S  # noqa: PLC0415  needs Django to be set up

        return Worker(
            self._app,
            queues=[self._queue],
            name=self._queue,
            concurrency=self.concurrency,
            shutdown_graceful_timeout=GRACE_S,
            fetch_job_polling_interval=POLL_S,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=ORPHANED_AFTER_S,
            delete_jobs="successful",
            install_signal_handlers=False,
            task_middleware=[_traced, _fresh_connections],
        )


def _stop(lanes: list[_Lane], loop: asyncio.AbstractEventLoop) -> None:
    """Ask for no more jobs. A conversion cannot be asked to stop; it is left behind when the others had their time."""
    for lane in lanes:
        lane.stop()
    loop.call_later(GRACE_S, os._exit, 0)


def _traced(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:  # noqa: ARG001  its signature
    """A trace of the job: its name and number, never what it was given."""
    job = context.job
    with tracing.begin(
        job.task_name,
        kind="consumer",
        footlights__job=job.id or 0,
        footlights__queue=job.queue,
        footlights__try=job.attempts,
    ):
        return call_next()


def _fresh_connections(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:  # noqa: ARG001  its signature
    """Give the job's thread its connection anew, so that a restarted database costs at most one try."""
    from django.db import close_old_connections, connections  # noqa: PLC0415  needs Django to be set up

    close_old_connections()
    try:
        return call_next()
    finally:
        connections.close_all()

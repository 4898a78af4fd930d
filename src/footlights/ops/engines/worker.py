"""The worker process: both queues in one event loop, long media jobs one at a time, short jobs a few at once."""

import asyncio
import os
import signal
from typing import Any

import django
from procrastinate import JobContext, PsycopgConnector
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

GRACE_S = 3.0
DEFAULT_CONCURRENCY = 4
MEDIA_CONCURRENCY = 1


def run() -> None:
    """Work until SIGTERM, then give running jobs GRACE_S; what is not done by then is picked up by the next worker."""
    django.setup()
    asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415  needs Django to be set up
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415  as above

    from footlights.kernel import jobs  # noqa: PLC0415  as above

    media = int(os.environ.get("FOOTLIGHTS_MEDIA_JOBS", MEDIA_CONCURRENCY))
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=8)
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            worker_app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's own
            workers = [
                Worker(
                    worker_app,
                    queues=[queue],
                    name=queue,
                    concurrency=concurrency,
                    shutdown_graceful_timeout=GRACE_S,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    task_middleware=[_fresh_connections],
                )
                for queue, concurrency in ((jobs.DEFAULT, DEFAULT_CONCURRENCY), (jobs.MEDIA, media))
            ]
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, _stop, workers, loop)
            await asyncio.gather(*(worker.run() for worker in workers))  # type: ignore[no-untyped-call]  # the library's own
    # Threads of jobs that did not stop in time would keep the interpreter alive.
    os._exit(0)


def _stop(workers: list[Worker], loop: asyncio.AbstractEventLoop) -> None:
    """Ask for no more jobs. A conversion cannot be asked to stop; it is left behind when the others had their time."""
    for worker in workers:
        worker.stop()  # type: ignore[no-untyped-call]  # the library's own
    loop.call_later(GRACE_S, os._exit, 0)


def _fresh_connections(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:  # noqa: ARG001  its signature
    """Give the job's thread its connection anew, so that a restarted database costs at most one try."""
    from django.db import close_old_connections, connections  # noqa: PLC0415  needs Django to be set up

    close_old_connections()
    try:
        return call_next()
    finally:
        connections.close_all()

"""Background jobs in PostgreSQL (procrastinate): the queues, the decorator, and the sweep that adopts orphans.

A job is deferred in the caller's transaction, so it exists exactly when what it is about exists.
A worker that dies leaves its jobs "doing" with a heartbeat that stops; `adopt_orphans` puts them back.
"""

from collections.abc import Callable
from typing import Any

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.tasks import Task

DEFAULT = "default"  # short: events, mails, sweeps
URGENT = "urgent"  # what people must learn within seconds: alerts
MEDIA_FIRST = "media-first"  # what stands between an upload and the moment it plays
MEDIA = "media"  # long: the further qualities of what plays already

ORPHANED_AFTER_S = 15.0
HEARTBEAT_S = ORPHANED_AFTER_S / 3


def job(
    *, queue: str = DEFAULT, tries: int = 5, wait_s: int = 2, priority: int = 0, cron: str | None = None
) -> Callable[[Callable[..., Any]], Task[..., Any, ...]]:
    """Declare a job: ids in, one operation called.

    `tries` includes the first; the n-th wait is `wait_s` ** n seconds. Of the jobs that wait in a queue
    the one with the highest `priority` goes first, then the oldest. With `cron` (five fields, or six
    with the seconds last) it also runs by the clock and is given the `timestamp`.
    """
    retry = RetryStrategy(max_attempts=tries, exponential_wait=wait_s)

    def declare(function: Callable[..., Any]) -> Any:
        context = function.__module__.removeprefix("footlights.").removesuffix(".jobs")
        task = app.task(name=f"{context}.{function.__name__}", queue=queue, retry=retry, priority=priority)(function)
        return app.periodic(cron=cron)(task) if cron else task

    return declare


@app.periodic(cron="* * * * * */15")
@app.task(name="kernel.adopt_orphans", queue=DEFAULT, queueing_lock="kernel.adopt_orphans", pass_context=True)
async def adopt_orphans(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Put back the jobs of workers that died. Safe to repeat: a job put back twice is put back once.

    Of a sweep that has been deferred again meanwhile, the orphan goes: the queue takes one of it at a time.
    """
    manager = context.app.job_manager
    for orphan in await manager.get_stalled_jobs(seconds_since_heartbeat=ORPHANED_AFTER_S):
        try:
            await manager.retry_job(orphan)
        except UniqueViolation:
            await manager.finish_job(orphan, status=Status.ABORTED, delete_job=True)

"""Background jobs in PostgreSQL (procrastinate): the queues, the decorator, and the sweep that adopts orphans.

A job is deferred in the caller's transaction, so it exists exactly when what it is about exists. A sweep only finds
what is due and defers a job for each (`defer_each`), so that all workers share them and one that fails stops no other.
A worker that dies leaves its jobs "doing" with a heartbeat that stops; `adopt_orphans` puts them back.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.tasks import Task

DEFAULT = "default"  # short: events, mails, sweeps
URGENT = "urgent"  # what people must learn within seconds: alerts
MEDIA_FIRST = "media-first"  # what stands between an upload and the moment it plays
MEDIA = "media"  # long: the further qualities of what plays already
AFTER_THE_REST = -1  # the priority of what nobody waits for: mails and what people did go first

ORPHANED_AFTER_S = 15.0
HEARTBEAT_S = ORPHANED_AFTER_S / 3
UNFINISHED = """
    select queueing_lock from procrastinate_jobs where status = 'todo' and queueing_lock = any(%(locks)s)
    union all select queueing_lock from procrastinate_jobs
        where status = 'doing' and worker_id is not null and queueing_lock = any(%(locks)s)"""


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


def defer_each(task: Task[..., Any, ...], **ids: Iterable[UUID]) -> int:
    """Defer `task` once for each of the ids, given under the name of its argument; returns for how many.

    Whose job waits or runs already gets no second one, also when two sweeps find the same at once: the one waits for
    the other's transaction. A job that was given up is deferred anew by the next sweep that finds its id.
    """
    [(argument, listed)] = ids.items()
    by_lock = {f"{task.name}:{each}": str(each) for each in listed}
    if not by_lock:
        return 0
    plain = task.configure()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [task.name])
        cursor.execute(UNFINISHED, {"locks": list(by_lock)})
        for (lock,) in cursor.fetchall():
            by_lock.pop(lock, None)
        jobs = [plain.job.evolve(queueing_lock=lock, task_kwargs={argument: each}) for lock, each in by_lock.items()]
        if jobs:
            plain.job_manager.batch_defer_jobs(jobs)
    return len(jobs)


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

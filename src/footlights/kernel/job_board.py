"""What the background jobs are doing, for the people who run the service.

Owns bounded reads of procrastinate's tables and the two things one may do to a job by hand. Never shows what an
argument might keep secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.jobs import ORPHANED_AFTER_S

STATES = {"failed": "failed", "waiting": "todo", "running": "doing", "done": "succeeded", "cancelled": "cancelled"}
SECRET_WORDS = ("token", "secret", "password", "signature", "authorization", "cookie", "headers", "body", "content_key")
HIDDEN = "(hidden)"
MAX_EVENTS = 200


@dataclass(frozen=True, slots=True)
class JobEvent:
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job as the board shows it. `state` is a key of STATES, or "stuck": running for a worker that went silent."""

    id: int
    task: str
    queue: str
    state: str
    attempts: int
    arguments: Mapping[str, Any]
    scheduled_at: datetime | None

    @property
    def may_retry(self) -> bool:
        return self.state in {"failed", "stuck"}

    @property
    def may_cancel(self) -> bool:
        return self.state == "waiting"


@dataclass(frozen=True, slots=True)
class JobHealth:
    """How the jobs are: `waiting` counts those that are due, `late_s` how long the first of them has been."""

    workers: int
    waiting: int
    late_s: int
    running: int
    stuck: int
    failed: int


def job_health(at: datetime) -> JobHealth:
    """Two queries, over the jobs that are not done."""
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - timedelta(seconds=ORPHANED_AFTER_S)).count()
    due = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=at))
    counts = ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"]).aggregate(
        waiting=Count("pk", filter=due),
        first_due_at=Min("scheduled_at", filter=due),
        running=Count("pk", filter=Q(status="doing")),
        stuck=Count("pk", filter=Q(status="doing") & _silent(at)),
        failed=Count("pk", filter=Q(status="failed")),
    )
    first_due_at = counts.pop("first_due_at")
    return JobHealth(workers=alive, late_s=int((at - first_due_at).total_seconds()) if first_due_at else 0, **counts)


def list_jobs(*, at: datetime, state: str = "", text: str = "", limit: int = 50, offset: int = 0) -> list[JobEntry]:
    """One page, newest first: those in `state` (of STATES or "stuck") whose task or arguments contain `text`."""
    found = _jobs()
    if state == "stuck":
        found = found.filter(_silent(at), status="doing")
    elif state in STATES:
        found = found.filter(status=STATES[state])
    for word in text.split():
        match = Q(task_name__icontains=word) | Q(args__icontains=word)
        found = found.filter(match | Q(pk=int(word)) if word.isdecimal() and len(word) < 18 else match)  # noqa: PLR2004  fits a bigint
    return [_entry(job, at) for job in found[offset : offset + limit]]


def get_job(job_id: int, *, at: datetime) -> tuple[JobEntry, list[JobEvent]]:
    """A job and what happened to it, latest last. Raises NotFoundError."""
    job = _jobs().filter(pk=job_id).first()
    if job is None:
        raise NotFoundError("There is no such job. Jobs that are done are forgotten after a while.")
    events = ProcrastinateEvent.objects.filter(job_id=job_id, at__isnull=False).order_by("-pk")[:MAX_EVENTS]
    return _entry(job, at), [JobEvent(event.type, event.at) for event in reversed(events)]


@transaction.atomic
def retry_job(job_id: int, *, at: datetime) -> None:
    """Run a failed or stuck job once more, now. Locks the job. Raises NotFoundError, InvalidInputError."""
    job = _locked(job_id, at)
    if not job.may_retry:
        raise InvalidInputError("Only a job that failed or is stuck can be run again.")
    app.job_manager.retry_job_by_id(job_id, at)


@transaction.atomic
def cancel_job(job_id: int, *, at: datetime) -> None:
    """Take a waiting job out of its queue. Locks the job. Raises NotFoundError, InvalidInputError."""
    if not _locked(job_id, at).may_cancel or not app.job_manager.cancel_job_by_id(job_id):
        raise InvalidInputError("Only a job that waits can be cancelled; this one has begun or is over.")


def _jobs() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.select_related("worker").order_by("-pk")


def _locked(job_id: int, at: datetime) -> JobEntry:
    job = _jobs().select_for_update(of=("self",), no_key=True).filter(pk=job_id).first()
    if job is None:
        raise NotFoundError("There is no such job. Jobs that are done are forgotten after a while.")
    return _entry(job, at)


def _silent(at: datetime) -> Q:
    return Q(worker=None) | Q(worker__last_heartbeat__lt=at - timedelta(seconds=ORPHANED_AFTER_S))


def _entry(job: ProcrastinateJob, at: datetime) -> JobEntry:
    state = next((name for name, status in STATES.items() if status == job.status), job.status)
    worker = job.worker
    if state == "running" and (worker is None or worker.last_heartbeat < at - timedelta(seconds=ORPHANED_AFTER_S)):
        state = "stuck"
    return JobEntry(
        id=job.pk,
        task=job.task_name,
        queue=job.queue_name,
        state=state,
        attempts=job.attempts,
        arguments=_shown(job.args),
        scheduled_at=job.scheduled_at,
    )


def _shown(value: Any, name: str = "") -> Any:
    if any(word in name.lower() for word in SECRET_WORDS):
        return HIDDEN
    if isinstance(value, dict):
        return {key: _shown(inner, key) for key, inner in value.items()}
    return value

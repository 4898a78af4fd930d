"""For tests: run the background jobs that a real worker would run, here and now."""

from datetime import datetime

from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel.clock import now

ROUNDS_MAX = 500


def run_jobs(*, until: datetime | None = None, only: str = "") -> int:
    """Run the synchronous jobs that are due by `until` (by default now), and those they defer; returns how many ran.

    An exception of a job reaches the test. With `only`, jobs whose name does not contain it stay where they are.
    """
    for ran in range(ROUNDS_MAX):
        is_due = Q(scheduled_at=None) | Q(scheduled_at__lte=until or now())
        job = ProcrastinateJob.objects.filter(is_due, status="todo", task_name__contains=only).order_by("id").first()
        if job is None:
            return ran
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
        app.tasks[job.task_name].func(**job.args)
    raise AssertionError(f"more than {ROUNDS_MAX} jobs: something defers itself for ever")

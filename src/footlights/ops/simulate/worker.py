"""Runs the background jobs that are due, in this process, with everything that goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.ops.simulate.faults import Faults

AT_ONCE = 40  # jobs looked at together, of which any may be the next
TRIES = 12
RETRY_AFTER = timedelta(minutes=1)
WEBHOOK = "send_webhook"
ROUNDS_MAX = 200
DUE = {  # what each of these jobs, which take so many at a time, has left
    "payments.sweep": "select exists (select from payments_payment where next_check_at <= %s)",
    "subscriptions.renew": "select exists (select from subscriptions_subscription where due_at <= %s)",
}


def drain(faults: Faults) -> int:
    """Run what is due, in no order, and what that defers; returns how many jobs ended."""
    ended = 0
    while jobs := _due():
        faults.chance.shuffle(jobs)
        for job in jobs:
            ended += _run(job, faults)
    return ended


def run_clock(*names: str) -> None:
    """The clock's jobs that a worker would defer by itself, now."""
    for name in names:
        app.tasks[name].func(timestamp=int(now().timestamp()))


def run_while_due(*names: str, faults: Faults) -> None:
    """Jobs that take so many at a time and come again within the minute, as often as it takes them to do all."""
    for _ in range(ROUNDS_MAX):
        run_clock(*names)
        drain(faults)
        if not any(map(_has_some_left, names)):
            return


@contextmanager
def webhooks_arrive() -> Iterator[None]:
    """What the sandbox gateway sends over HTTP reaches our endpoint without a server."""
    client = Client()

    def post(url: str, *, content: bytes, headers: dict[str, str], **_: Any) -> httpx.Response:
        sent = {name: value for name, value in headers.items() if name != "content-type"}
        sent["host"] = urlsplit(settings.SITE_URL).netloc
        answer = client.post(urlsplit(url).path, content, content_type="application/json", headers=sent)
        return httpx.Response(answer.status_code, request=httpx.Request("POST", url))

    with mock.patch.object(httpx, "post", post):
        yield


def _has_some_left(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(DUE[name], [now()])
        return bool(cursor.fetchone()[0])


def _due() -> list[ProcrastinateJob]:
    is_due = Q(scheduled_at=None) | Q(scheduled_at__lte=now())
    return list(ProcrastinateJob.objects.filter(is_due, status="todo").order_by("id")[:AT_ONCE])


def _run(job: ProcrastinateJob, faults: Faults) -> int:
    run = app.tasks[job.task_name].func
    if not (WEBHOOK in job.task_name and faults.loses()):
        for _ in range(2 if faults.doubles_it() else 1):
            try:
                faults.try_until_done(lambda: run(**job.args))
            except (FootlightsError, httpx.HTTPStatusError):
                return _put_back(job)
    _end(job)
    return 1


def _end(job: ProcrastinateJob) -> None:
    """Gone, as with the worker, so that the table stays small; its events go with it."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s", [job.pk])


def _put_back(job: ProcrastinateJob) -> int:
    """Tried again later, as the worker does; after its tries it is over, and the sweeps take care."""
    is_over = job.attempts + 1 >= TRIES
    later = now() + RETRY_AFTER
    ProcrastinateJob.objects.filter(pk=job.pk).update(
        attempts=job.attempts + 1, status="failed" if is_over else "todo", scheduled_at=later
    )
    return int(is_over)

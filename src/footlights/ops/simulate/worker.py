"""Runs the background jobs that are due, in this process, with everything that goes wrong."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.kernel.reads import fetch_rows
from footlights.ops.simulate.faults import Faults

AT_ONCE = 40  # jobs looked at together, of which any may be the next
TRIES = 12
RETRY_AFTER = timedelta(minutes=1)
WEBHOOK = "send_webhook"
ANY_DUE = """select exists (
    select from procrastinate_jobs where status = 'todo' and (scheduled_at is null or scheduled_at <= %s))"""
NEXT = """select id, task_name, args, attempts from procrastinate_jobs
    where status = 'todo' and (scheduled_at is null or scheduled_at <= %s) and id %% %s = %s order by id limit %s"""
LOOKS_AGAIN_AFTER_S = 0.01  # whether those that others still run have deferred one
DUE = {  # what each of these jobs, which defer so many at a time, has left
    "payments.sweep": "select exists (select from payments_payment where next_check_at <= %s)",
    "subscriptions.renew": "select exists (select from subscriptions_subscription where due_at <= %s)",
}


class Job(NamedTuple):
    id: int
    task_name: str
    args: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Share:
    """Which jobs one of `count` processes runs: every `count`-th, so that nobody needs to ask whose one is."""

    number: int = 0
    count: int = 1


ALL = Share()


def drain(faults: Faults, share: Share = ALL) -> int:
    """Run what is due, in no order, and what that defers, until nobody has anything; returns how many jobs ended."""
    ended = 0
    while is_any_due():
        jobs = _due(share)
        faults.chance.shuffle(jobs)
        for job in jobs:
            ended += _run(job, faults)
        if not jobs:
            time.sleep(LOOKS_AGAIN_AFTER_S)
    return ended


def run_clock(*names: str) -> None:
    """The clock's jobs that a worker would defer by itself, now."""
    for name in names:
        app.tasks[name].func(timestamp=int(now().timestamp()))


def has_some_left(name: str) -> bool:
    """Of a clock's job that defers so many at a time."""
    with connection.cursor() as cursor:
        cursor.execute(DUE[name], [now()])
        return bool(cursor.fetchone()[0])


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


def is_any_due() -> bool:
    return bool(fetch_rows(ANY_DUE, [now()])[0][0])


def _due(share: Share) -> list[Job]:
    rows = fetch_rows(NEXT, [now(), share.count, share.number, AT_ONCE])
    return [Job(number, task, json.loads(args), attempts) for number, task, args, attempts in rows]


def _run(job: Job, faults: Faults) -> int:
    run = app.tasks[job.task_name].func
    if not (WEBHOOK in job.task_name and faults.loses()):
        for _ in range(2 if faults.doubles_it() else 1):
            try:
                faults.try_until_done(lambda: run(**job.args))
            except (FootlightsError, httpx.HTTPStatusError):
                return _put_back(job)
    _end(job)
    return 1


def _end(job: Job) -> None:
    """Gone, as with the worker, so that the table stays small; its events go with it."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s", [job.id])


def _put_back(job: Job) -> int:
    """Tried again later, as the worker does; after its tries it is over, and the sweeps take care."""
    is_over = job.attempts + 1 >= TRIES
    later = now() + RETRY_AFTER
    ProcrastinateJob.objects.filter(pk=job.id).update(
        attempts=job.attempts + 1, status="failed" if is_over else "todo", scheduled_at=later
    )
    return int(is_over)

"""Jobs of a worker that died are taken up again, each of them, whatever the others are like."""

from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from footlights.kernel.jobs import adopt_orphans
from footlights.kernel.testing import run_apart


def orphaned(name: str, **options: str) -> int:
    """A job that a worker began which nobody knows any more."""
    job_id = app.configure_task(name, **options).defer()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [job_id])
    return job_id


def adopt() -> None:
    async def run() -> None:
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=1)
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                await adopt_orphans(SimpleNamespace(app=worker_app), timestamp=0)

    run_apart(run())


def statuses() -> dict[int, str]:
    return dict(ProcrastinateJob.objects.values_list("id", "status"))


@pytest.mark.django_db(transaction=True)
def test_an_orphan_is_put_back_once() -> None:
    job_id = orphaned("nobody.does.this", lock="film")
    adopt()
    adopt()
    assert statuses() == {job_id: "todo"}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_was_deferred_again_meanwhile_keeps_no_other_orphan_from_being_put_back() -> None:
    orphaned("nobody.sweeps", queueing_lock="sweep")
    film_id = orphaned("nobody.does.this", lock="film")
    again_id = app.configure_task("nobody.sweeps", queueing_lock="sweep").defer()
    adopt()
    assert statuses() == {film_id: "todo", again_id: "todo"}

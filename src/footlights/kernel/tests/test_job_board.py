from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from footlights.kernel import job_board
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError

pytestmark = pytest.mark.django_db


def defer(name="media.probe", **arguments) -> int:
    return app.configure_task(name, queue="media", allow_unknown=True).defer(**arguments)


def set_state(job_id: int, status: str, *, beat_s_ago: int | None = None) -> None:
    with connection.cursor() as cursor:
        worker = None
        if beat_s_ago is not None:
            cursor.execute(
                "insert into procrastinate_workers (last_heartbeat) values (%s) returning id",
                [now() - timedelta(seconds=beat_s_ago)],
            )
            worker = cursor.fetchone()[0]
        cursor.execute(
            "update procrastinate_jobs set status = %s, worker_id = %s where id = %s", [status, worker, job_id]
        )


def test_health_tells_waiting_running_stuck_and_failed_apart(django_assert_num_queries) -> None:
    defer()
    for status, beat in (("doing", 1), ("doing", 300), ("failed", None), ("succeeded", None)):
        set_state(defer(), status, beat_s_ago=beat)
    with django_assert_num_queries(2):
        health = job_board.job_health(now())
    assert (health.workers, health.waiting, health.running, health.stuck, health.failed) == (1, 1, 2, 1, 1)


def test_a_job_is_found_by_state_task_argument_and_number() -> None:
    mine = defer(asset_id="0198c0de")
    other = defer("monetization.settle", purchase_id="77")
    set_state(other, "failed")
    at = now()
    assert [job.id for job in job_board.list_jobs(at=at, text="0198C0DE")] == [mine]
    assert [job.id for job in job_board.list_jobs(at=at, text="settle", state="failed")] == [other]
    assert [job.id for job in job_board.list_jobs(at=at, text=str(mine), state="waiting")] == [mine]
    assert [job.id for job in job_board.list_jobs(at=at, limit=1)] == [other]
    assert job_board.list_jobs(at=at, text="9" * 30) == []


def test_what_an_argument_keeps_secret_is_not_shown() -> None:
    job_id = defer(event={"payment_id": "7", "api_token": "hush"}, headers={"signature": "hush"})
    job, _ = job_board.get_job(job_id, at=now())
    assert job.arguments == {"event": {"payment_id": "7", "api_token": "(hidden)"}, "headers": "(hidden)"}


@pytest.mark.parametrize(("status", "beat"), [("failed", None), ("doing", 300)])
def test_a_failed_or_stuck_job_runs_again(status, beat) -> None:
    job_id = defer()
    set_state(job_id, status, beat_s_ago=beat)
    job_board.retry_job(job_id, at=now())
    job, events = job_board.get_job(job_id, at=now())
    assert (job.state, job.attempts) == ("waiting", 1)
    assert events[0].name == "deferred"


@pytest.mark.parametrize(("status", "beat"), [("todo", None), ("doing", 1), ("succeeded", None)])
def test_a_job_in_good_order_is_not_run_twice(status, beat) -> None:
    job_id = defer()
    set_state(job_id, status, beat_s_ago=beat)
    with pytest.raises(InvalidInputError):
        job_board.retry_job(job_id, at=now())


def test_only_a_waiting_job_can_be_cancelled() -> None:
    job_id = defer()
    job_board.cancel_job(job_id, at=now())
    assert job_board.get_job(job_id, at=now())[0].state == "cancelled"
    with pytest.raises(InvalidInputError):
        job_board.cancel_job(job_id, at=now())


def test_a_job_that_never_was_is_not_found() -> None:
    for act in (job_board.get_job, job_board.retry_job, job_board.cancel_job):
        with pytest.raises(NotFoundError):
            act(10**12, at=now())

"""Records a second against plain inserts of the same rows, with the same fsync, by the same number of writers.

A writer is a process with a connection of its own; each act is a transaction of its own, committed to disk. And how
long the slowest wait: nobody queues behind a lock.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from footlights.ops.bench import Result, percentile, service

WRITERS = int(os.environ.get("BENCH_WRITERS", "8"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
RATIO_GOAL = 0.5
INSERT = """insert into plain_record (act, actor_id, on_behalf_of_id, object_kind, object_id, channel_id, person_ids,
    before, after, address, request_id)
    values (%s, %s::uuid, %s::uuid, %s, %s, %s::uuid, %s::uuid[], %s::jsonb, %s::jsonb, %s::inet, %s::uuid)
    returning id"""
PLAIN = """create table plain_record (id uuid primary key default uuidv7(), act varchar(60) not null, actor_id uuid,
    on_behalf_of_id uuid, object_kind varchar(40) not null, object_id varchar(100) not null, channel_id uuid,
    person_ids uuid[] not null, before jsonb, after jsonb, address inet, request_id uuid)"""


def run() -> Iterator[Result]:
    with service(settings={"FOOTLIGHTS_LOG": "lines"}):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("show fsync")
            assert cursor.fetchone() == ("on",)
            cursor.execute(PLAIN)
        connection.close()
        _measure(_plain, 1.0)
        _measure(_chained, 1.0)
        rates: dict[str, list[float]] = {"plain": [], "chained": []}
        waits: list[float] = []
        for _ in range(ROUNDS):
            rates["plain"].append(_rate(_measure(_plain, SECONDS)))
            chained = _measure(_chained, SECONDS)
            rates["chained"].append(_rate(chained))
            waits += chained
        from footlights.audit.api import verify

        began = time.perf_counter()
        report = verify()
        seconds = time.perf_counter() - began
        assert report.holds, report.findings
    ours, plain = (sorted(rates[name])[ROUNDS // 2] for name in ("chained", "plain"))
    yield Result(
        name="audit",
        value=round(ours, 1),
        unit="records/s",
        peer="plain inserts of the same rows, with no index but their key",
        peer_value=round(plain, 1),
        goal=f"ratio >= {RATIO_GOAL}",
        holds=ours >= RATIO_GOAL * plain,
        detail={
            "writers": WRITERS,
            "ours": [round(each) for each in rates["chained"]],
            "plain": [round(each) for each in rates["plain"]],
            "act_p50_ms": round(percentile(waits, 50), 2),
            "act_p99_ms": round(percentile(waits, 99), 2),
            "verified": report.records,
            "verified_per_second": round(report.records / seconds),
        },
    )


def _measure(write: Callable[[UUID], None], seconds: float) -> list[float]:
    """How long each act took, in milliseconds, of all writers together."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(WRITERS)
    with context.Pool(WRITERS, _prepare, (barrier,)) as pool:
        return [each for some in pool.starmap(_write, [(write, seconds)] * WRITERS, chunksize=1) for each in some]


def _rate(took_ms: list[float]) -> float:
    return len(took_ms) / (sum(took_ms) / 1000 / WRITERS)


def _prepare(barrier: "multiprocessing.synchronize.Barrier") -> None:
    global _together  # noqa: PLW0603  a pool's way to hand a barrier over
    _together = barrier


def _write(write: Callable[[UUID], None], seconds: float) -> list[float]:
    from django.db import connection

    from footlights.audit.api import Origin, acting
    from footlights.kernel.ids import new_id

    connection.ensure_connection()
    someone, took = new_id(), []
    _together.wait()
    ends = time.perf_counter() + seconds
    with acting(Origin(person=lambda: someone, address="192.0.2.7", request_id=new_id())):
        while (began := time.perf_counter()) < ends:
            write(someone)
            took.append((time.perf_counter() - began) * 1000)
    connection.close()
    return took


def _chained(someone: UUID) -> None:
    from django.db import transaction

    from footlights.audit.api import Act, record

    with transaction.atomic():
        record(
            act=Act.PRICE_CHANGED,
            object_kind="title",
            object_id=someone,
            channel_id=someone,
            before={"price": 400, "currency": "EUR"},
            after={"price": 500, "currency": "EUR"},
        )


def _plain(someone: UUID) -> None:
    """The same values by the same door to the database: what differs is the trail's own work."""
    import json

    from django.db import transaction

    from footlights.audit.api import current_origin
    from footlights.kernel.reads import fetch_rows

    origin = current_origin()
    with transaction.atomic():
        fetch_rows(
            INSERT,
            [
                "price.changed",
                someone,
                None,
                "title",
                str(someone),
                someone,
                [someone],
                json.dumps({"price": 400, "currency": "EUR"}),
                json.dumps({"price": 500, "currency": "EUR"}),
                origin.address,
                origin.request_id,
            ],
        )

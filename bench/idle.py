"""What the whole service costs at rest, and how long from `footlights up` to the first page on a warm cache."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from footlights.ops.bench import Result
from footlights.ops.instance import running

SETTLE_S = 20
MEMORY_GOAL_MIB = 600
START_GOAL_S = 15.0


def run() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="footlights-bench-") as folder:
        with running(home=Path(folder)) as first:
            first_start_s = first.ready_after_s
        began = time.monotonic()
        with running(home=Path(folder)) as instance:
            for path in ("/", "/account/login/"):
                httpx.get(f"{instance.url}{path}", follow_redirects=True).raise_for_status()
            page_after_s = time.monotonic() - began
            time.sleep(SETTLE_S)
            family = [
                instance.process.pid,
                *(child.pid for child in psutil.Process(instance.process.pid).children(recursive=True)),
            ]
            memory = {pid: psutil.Process(pid).memory_full_info().pss for pid in family}
            names = [psutil.Process(pid).name() for pid in family]
    mib = round(sum(memory.values()) / 2**20, 1)
    rows = [(name, round(memory[pid] / 2**20, 1)) for name, pid in zip(names, family, strict=True)]
    yield Result(
        name="idle-memory",
        value=mib,
        unit="MiB PSS",
        goal=f"<= {MEMORY_GOAL_MIB}",
        holds=mib <= MEMORY_GOAL_MIB,
        detail={"processes": len(family), "by_process": sorted(rows, key=lambda row: -row[1])},
    )
    yield Result(
        name="idle-start",
        value=round(page_after_s, 2),
        unit="s to the first page",
        goal=f"<= {START_GOAL_S:g}",
        holds=page_after_s <= START_GOAL_S,
        detail={"very_first_start_s": round(first_start_s, 2)},
    )

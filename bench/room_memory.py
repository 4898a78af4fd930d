"""What one more viewer of a live room costs the server in memory, in the brokers and in the room process."""

import os
import time
from collections.abc import Iterator, Sequence

import psutil
from _rooms import SETTINGS, set_stage

from footlights.ops.bench import Result, service

VIEWERS = int(os.environ.get("BENCH_VIEWERS", "20000"))
SETTLE_S = 5
BROKER_GOAL_KIB, ROOM_GOAL_KIB = 64, 1


def run() -> Iterator[Result]:
    with service(settings=SETTINGS) as instance:
        stage = set_stage(instance, VIEWERS)
        measured = (stage.brokers, [stage.process])
        with stage.crowd() as crowd:
            crowd.enter(stage.people[:100])  # what the first few bring into memory is no viewer's own
            time.sleep(SETTLE_S)
            before = [_memory(each) for each in measured]
            crowd.enter(stage.people[100:])
            crowd.say(50, 2)
            time.sleep(SETTLE_S)
            after = [_memory(each) for each in measured]
    for name, goal, old, new in zip(
        ("room-memory-broker", "room-memory-process"), (BROKER_GOAL_KIB, ROOM_GOAL_KIB), before, after, strict=True
    ):
        each = round((new - old) / (VIEWERS - 100) / 1024, 2)
        yield Result(
            name=name, value=each, unit="KiB a viewer", goal=f"<= {goal}", holds=each <= goal,
            detail={"viewers": VIEWERS, "before_mib": round(old / 2**20, 1), "after_mib": round(new / 2**20, 1)},
        )  # fmt: skip


def _memory(processes: Sequence[psutil.Process]) -> int:
    return sum(int(process.memory_full_info().uss) for process in processes)

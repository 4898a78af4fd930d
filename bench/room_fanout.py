"""A live room full of people: who writes is read by all at once, everybody votes within ten seconds, nothing is lost.

The peer is the same nats-server, viewers and words, published bare by a client that does nothing else: what our rules,
PostgreSQL and the answers cost beside it.
"""

import asyncio
import os
import time
from collections.abc import Iterator

import msgspec
import psutil
from _rooms import Crowd, Stage, set_stage

from footlights.ops.bench import Result, service
from footlights.ops.bench.load import percentile

VIEWERS = int(os.environ.get("BENCH_VIEWERS", "5000"))
CHAT_S, CHAT_A_S = 20, 50
VOTE_S, TALLIED_WITHIN_S = 10, 20
SETTLE_S = 3
LATENCY_GOAL_MS, RATIO_GOAL = 1_000, 0.9


def run() -> Iterator[Result]:
    with service() as instance:
        from footlights.engagement.models import PollRow
        from footlights.engagement.subjects import Kind
        from footlights.engagement.testing import said, take

        stage = set_stage(instance, VIEWERS)
        with stage.crowd() as crowd:
            crowd.enter(stage.people)
            crowd.say(CHAT_A_S * 2, 2)
            time.sleep(SETTLE_S)
            crowd.take()
            ours_cpu = -_cpu(stage.broker, stage.process)
            crowd.say(CHAT_A_S * CHAT_S, CHAT_S)
            time.sleep(SETTLE_S)
            ours_cpu += _cpu(stage.broker, stage.process)
            chat = crowd.take()
            bare_cpu = -_cpu(stage.broker)
            asyncio.run(_publish_bare(stage, chat.payloads))
            time.sleep(SETTLE_S)
            bare_cpu += _cpu(stage.broker)
            bare = crowd.take()
            words = {"act": "open-poll", "question": "Another song?", "choices": ["Yes", "No", "Later"]}
            outcome = take(said(stage.room, stage.staff_id, Kind.STAFF, **words))
            poll = outcome.changes[0][1].polls[0].id
            crowd.vote(poll, VOTE_S)
            votes = _tallied(crowd)
        row = PollRow.objects.get(pk=poll)
        rows = row.votes.count()
    lost = sum(len(chat.payloads) - count for count in chat.changes)
    p99 = percentile(chat.latencies_ms, 99)
    yield Result(
        name="room-fanout", value=round(p99), unit="ms p99 from sent to read by the others",
        goal=f"<= {LATENCY_GOAL_MS}", holds=p99 <= LATENCY_GOAL_MS,
        detail={
            "viewers": VIEWERS, "messages": len(chat.latencies_ms), "p50_ms": round(percentile(chat.latencies_ms, 50)),
            "delivered_a_second": round(sum(chat.changes) / (CHAT_S + SETTLE_S)),
        },
    )  # fmt: skip
    yield Result(
        name="room-fanout-lost", value=lost + chat.gaps, unit="changes that did not reach a viewer",
        goal="== 0", holds=lost + chat.gaps == 0 and bool(chat.payloads),
        detail={"refused": chat.refused, "answered": chat.kept},
    )  # fmt: skip
    is_exact = rows == row.voters == sum(row.counts) == votes == VIEWERS
    yield Result(
        name="room-fanout-tally", value=row.voters, unit="votes counted, kept and answered",
        goal=f"== {VIEWERS}", holds=is_exact,
        detail={"kept": rows, "answered": votes, "counts": list(row.counts)},
    )  # fmt: skip
    rate, peer = sum(chat.changes) / ours_cpu, sum(bare.changes) / bare_cpu
    yield Result(
        name="room-fanout-cost", value=round(rate), unit="delivered a CPU-second",
        peer="the same broker and a bare publisher", peer_value=round(peer),
        goal=f"ratio >= {RATIO_GOAL}", holds=rate >= RATIO_GOAL * peer,
        detail={"cpu_s": round(ours_cpu, 2), "bare_cpu_s": round(bare_cpu, 2)},
    )  # fmt: skip


async def _publish_bare(stage: Stage, payloads: list[tuple[float, bytes]]) -> None:
    """The same words at the same distances in time."""
    from footlights.engagement.api import connect

    broker = await connect(stage.url)
    first, began = payloads[0][0], time.monotonic()
    for at, body in payloads:
        await asyncio.sleep(max(0.0, began + at - first - time.monotonic()))
        await broker.tell(stage.room.id, msgspec.Raw(body))
    await broker.close()


def _tallied(crowd: Crowd) -> int:
    """How many were told that their vote is kept, once all were or the time is over."""
    kept, until = 0, time.monotonic() + TALLIED_WITHIN_S
    while kept < VIEWERS and time.monotonic() < until:
        time.sleep(0.5)
        kept += crowd.take().kept
    return kept


def _cpu(*processes: psutil.Process) -> float:
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))

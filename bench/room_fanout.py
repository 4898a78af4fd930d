"""A live room full of people: who writes is read by all at once, everybody votes within ten seconds, nothing is lost.

Twenty thousand, then five thousand more, on two brokers. The peer is the same brokers, viewers and words, published
bare by a client that does nothing else: what our rules, PostgreSQL and the answers cost beside it.

A room of 20,000 is told once a second, so what counts is how long a state travels: from when the room process took what
is newest in it, before it is kept, to when it is read. From when it was sent, with the wait for its turn, is beside it.
"""

import asyncio
import os
import time
from collections.abc import Iterator

import msgspec
from _rooms import SETTINGS, Crowd, Heard, Stage, cpu_s, make_people, set_stage

from footlights.ops.bench import Result, service
from footlights.ops.bench.load import percentile

VIEWERS = [int(each) for each in os.environ.get("BENCH_VIEWERS", "20000,25000").split(",")]  # one after the other
CHAT_S, CHAT_A_S = 20, 50
VOTE_S, TALLIED_WITHIN_S = 10, 20
SETTLE_S = 3
LATENCY_GOAL_MS, RATIO_GOAL = 1_000, 0.9


def run() -> Iterator[Result]:
    with service(settings=SETTINGS) as instance:
        stage = set_stage(instance, VIEWERS[0])
        with stage.crowd() as crowd:
            crowd.enter(stage.people)
            here = VIEWERS[0]
            for viewers in VIEWERS:
                if viewers > here:
                    crowd.enter(make_people(stage.room, viewers - here))
                    here = viewers
                yield from _measure(stage, crowd, viewers)


def _measure(stage: Stage, crowd: Crowd, viewers: int) -> Iterator[Result]:
    from footlights.engagement.models import PollRow
    from footlights.engagement.subjects import Kind
    from footlights.engagement.testing import said, take

    crowd.say(CHAT_A_S * 2, 2)
    time.sleep(SETTLE_S)
    crowd.take()
    ours_cpu, room_cpu = -cpu_s(*stage.brokers, stage.process), -cpu_s(stage.process)
    crowd.say(CHAT_A_S * CHAT_S, CHAT_S)
    time.sleep(SETTLE_S)
    ours_cpu, room_cpu = ours_cpu + cpu_s(*stage.brokers, stage.process), room_cpu + cpu_s(stage.process)
    chat = crowd.take()
    if not chat.payloads:
        yield _lost(viewers, chat)  # all of it
        return
    bare_cpu = -cpu_s(*stage.brokers)
    asyncio.run(_publish_bare(stage, chat.payloads))
    time.sleep(SETTLE_S)
    bare_cpu += cpu_s(*stage.brokers)
    bare = crowd.take()
    yield from _delivered(viewers, chat)
    words = {"act": "open-poll", "question": "Another song?", "choices": ["Yes", "No", "Later"]}
    outcome = take(said(stage.room, stage.staff_id, Kind.STAFF, **words))
    poll = outcome.changes[0][1].polls[0].id
    crowd.vote(poll, VOTE_S)
    votes = _tallied(crowd, viewers)
    row = PollRow.objects.get(pk=poll)
    take(said(stage.room, stage.staff_id, Kind.STAFF, act="close-poll", poll=poll))
    rows = row.votes.count()
    is_exact = rows == row.voters == sum(row.counts) == votes == viewers
    yield Result(
        name=f"room-fanout-tally-{viewers}", value=row.voters, unit="votes counted, kept and answered",
        goal=f"== {viewers}", holds=is_exact,
        detail={"kept": rows, "answered": votes, "counts": list(row.counts)},
    )  # fmt: skip
    rate, peer = sum(chat.changes) / ours_cpu, sum(bare.changes) / bare_cpu
    yield Result(
        name=f"room-fanout-cost-{viewers}", value=round(rate), unit="delivered a CPU-second",
        peer="the same brokers and a bare publisher", peer_value=round(peer),
        goal=f"ratio >= {RATIO_GOAL}", holds=rate >= RATIO_GOAL * peer,
        detail={
            "cpu_s": round(ours_cpu, 2), "of_it_room_process_s": round(room_cpu, 2), "bare_cpu_s": round(bare_cpu, 2),
        },
    )  # fmt: skip


def _delivered(viewers: int, chat: Heard) -> Iterator[Result]:
    p99 = percentile(chat.ages_ms, 99)
    yield Result(
        name=f"room-fanout-{viewers}", value=round(p99), unit="ms p99 from taken to read by the others",
        goal=f"<= {LATENCY_GOAL_MS}", holds=p99 <= LATENCY_GOAL_MS,
        detail={
            "viewers": viewers, "states": len(chat.ages_ms), "p50_ms": round(percentile(chat.ages_ms, 50)),
            "sent_p50_ms": round(percentile(chat.latencies_ms, 50)),
            "sent_p99_ms": round(percentile(chat.latencies_ms, 99)),
            "changes": len(chat.payloads), "delivered_a_second": round(sum(chat.changes) / (CHAT_S + SETTLE_S)),
        },
    )  # fmt: skip
    yield _lost(viewers, chat)


def _lost(viewers: int, chat: Heard) -> Result:
    missed = sum(abs(len(chat.payloads) - count) for count in chat.changes) + chat.gaps + chat.away
    return Result(
        name=f"room-fanout-lost-{viewers}", value=missed, unit="changes that did not reach a viewer",
        goal="== 0", holds=missed == 0 and bool(chat.payloads),
        detail={"refused": chat.refused, "answered": chat.kept, "put_out": chat.away},
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


def _tallied(crowd: Crowd, viewers: int) -> int:
    """How many were told that their vote is kept, once all were or the time is over."""
    kept, until = 0, time.monotonic() + TALLIED_WITHIN_S
    while kept < viewers and time.monotonic() < until:
        time.sleep(0.5)
        kept += crowd.take().kept
    return kept

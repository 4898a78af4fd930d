"""One of two brokers is killed while everybody votes and tips arrive: who was on it is back, and nothing is lost.

Somebody is back when they have the room as it is again. A token holds for minutes and the room comes through the
broker, so PostgreSQL is not asked for each of them; its transactions are counted all the same, those of votes too.
"""

import os
import time
from collections.abc import Iterator
from uuid import UUID

from _rooms import SETTINGS, Crowd, Stage, set_stage

from footlights.ops.bench import Result, service

VIEWERS = int(os.environ.get("BENCH_VIEWERS", "20000"))
VOTE_S, KILLED_AFTER_S, WAIT_S, TIPS = 10, 3, 40, 20
BACK_GOAL_S = 10.0


def run() -> Iterator[Result]:
    with service(settings=SETTINGS) as instance:
        from footlights.engagement.api import snapshot
        from footlights.engagement.models import PollRow
        from footlights.engagement.subjects import Kind
        from footlights.engagement.testing import said, take

        stage = set_stage(instance, VIEWERS)
        with stage.crowd() as crowd:
            crowd.enter(stage.people)
            words = {"act": "open-poll", "question": "Another song?", "choices": ["Yes", "No", "Later"]}
            poll = take(said(stage.room, stage.staff_id, Kind.STAFF, **words)).changes[0][1].polls[0].id
            crowd.take()
            crowd.begin_to_vote(poll, VOTE_S)
            time.sleep(KILLED_AFTER_S)
            transactions, killed_at = -_transactions(), time.monotonic()
            stage.brokers[0].kill()
            _give_tips(stage)
            crowd.have_voted()
            back_at, away, votes, asked_again = _until_all_are_back(crowd)
            transactions += _transactions()
        row = PollRow.objects.get(pk=poll)
        rows = row.votes.count()
        tips = sum(each.tip is not None for each in snapshot(stage.room.id).said)
    last_s = max(back_at, default=killed_at) - killed_at
    yield Result(
        name="room-reconnect", value=round(last_s, 2), unit="s from the kill until the last was back in the room",
        goal=f"<= {BACK_GOAL_S:g}", holds=bool(back_at) and not away and last_s <= BACK_GOAL_S,
        detail={
            "viewers": VIEWERS, "put_out": len(back_at) + away, "not_back": away,
            "median_s": round(sorted(back_at)[len(back_at) // 2] - killed_at, 2) if back_at else None,
        },
    )  # fmt: skip
    yield Result(
        name="room-reconnect-database", value=round(transactions / max(1, len(back_at)), 4),
        unit="transactions a viewer who came back", goal="<= 1", holds=transactions + asked_again <= len(back_at),
        detail={"transactions": transactions, "asked_for_another_token": asked_again},
    )  # fmt: skip
    yield Result(
        name="room-reconnect-lost", value=votes - rows + TIPS - tips, unit="answered votes and paid tips that are lost",
        goal="== 0", holds=votes == rows == row.voters == VIEWERS and tips == TIPS,
        detail={"answered": votes, "kept": rows, "counted": row.voters, "tips": tips},
    )  # fmt: skip


def _give_tips(stage: Stage) -> None:
    """Their money came, at this moment."""
    from footlights.engagement.api import TipPlace
    from footlights.engagement.operations.note_tip import note_tip
    from footlights.giving.events import TipGiven
    from footlights.kernel.clock import now
    from footlights.kernel.ids import new_id
    from footlights.kernel.money import Money

    about = TipPlace(stage.room.id, is_question=False).about
    channel_id = UUID(stage.room.subject.partition(":")[2])
    for _each in range(TIPS):
        note_tip(TipGiven(new_id(), channel_id, None, new_id(), Money(500, "EUR"), "Bravo", now(), about))


def _until_all_are_back(crowd: Crowd) -> tuple[list[float], int, int, int]:
    """When each was back, how many are not, how many votes were answered, and how often one was refused."""
    back_at: list[float] = []
    votes, asked_again, until = 0, 0, time.monotonic() + WAIT_S
    while True:
        time.sleep(0.5)
        heard = crowd.take()
        back_at += heard.back_at
        votes += heard.kept
        asked_again += heard.asked_again
        if (not heard.away and votes >= VIEWERS) or time.monotonic() > until:
            return back_at, heard.away, votes, asked_again


def _transactions() -> int:
    """Of the whole database until now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute("select xact_commit + xact_rollback from pg_stat_database where datname = current_database()")
        return int(cursor.fetchone()[0])

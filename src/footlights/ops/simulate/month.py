"""`footlights simulate month`: thirty days of trade, then the questions. Imported once Django is set up (world.py)."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import connections
from django.urls import get_resolver

from footlights.kernel.clock import run_ahead
from footlights.ops.simulate.checks import Answer, ask_all
from footlights.ops.simulate.crew import Crew, crew
from footlights.ops.simulate.hand import FAILING, HOURS_A_DAY, QUIET, Hand
from footlights.ops.simulate.house import open_house

START = datetime(2028, 1, 31, tzinfo=UTC)  # a month's last day before a leap day
DAYS = 30
HOURS = (6, 11, 16, 21)  # at which people come and jobs are looked after
SETTLED_AFTER_H = (1, 8, 30, 60, 200, 230)  # the last day: nobody comes, nothing fails, what is open is settled
ASKED_FOR_H = 48  # so long, at most, until a gateway that does not answer has answered
ROUNDS_MAX = 200
EACH_MINUTE = ("payments.sweep", "subscriptions.renew")  # and each time no more than some thousand
EACH_HOUR = (
    "subscriptions.earn",
    "subscriptions.tell",
    "subscriptions.share_passes",
    "payouts.run",
    "ledger.book_lines",
    "giving.send_gifts",
    "payments.compare",
    "sellers.ask",
    "live.tidy",
)


def simulate_month(*, subscribers: int, seed: int, channels: int, workers: int, days: int = DAYS) -> bool:
    """Print what happened and whether it adds up; True when all of it does.

    `workers` processes have each its part of the people and of the jobs, at the same time.
    """
    began = time.monotonic()
    run_ahead(START)
    _ = get_resolver().url_patterns  # what each would load for itself
    with crew(workers, partial(Hand, seed=seed)) as hands:
        hands.all_do("open", open_house(channels))
        connections.close_all()
        for day in range(days):
            until = _come_by(subscribers, day, days), _come_by(subscribers, day + 1, days)
            for hour in range(HOURS_A_DAY):
                _live_an_hour(hands, day, hour, until=until[0] + (until[1] - until[0]) * (hour + 1) // HOURS_A_DAY)
            print(f"day {day + 1:2} of {days}: {until[1]:6} members, {time.monotonic() - began:5.0f} s", flush=True)
        _settle(hands, START + timedelta(days=days))
        told = hands.all_do("tell")
    answers = ask_all(of_many_days=True)
    _report(told, answers)
    return all(answer.holds for answer in answers)


def _come_by(subscribers: int, day: int, days: int) -> int:
    """How many have come when `day` begins, in all: the last does when half of the days are over."""
    joining = max(1, days // 2)
    return subscribers * min(day, joining) // joining


def _live_an_hour(hands: Crew, day: int, hour: int, *, until: int) -> None:
    at = START + timedelta(days=day, hours=HOURS[hour])
    lived = hands.all_do("live", at, until, day, hour)
    hands.all_do("know", [each for watched in lived for each in watched])
    hands.all_do("drain", FAILING)
    _look_after_jobs(hands, FAILING)


def _look_after_jobs(hands: Crew, jobs_are: str) -> None:
    """The clock's jobs that a worker would defer by itself, and what they defer."""
    for _ in range(ROUNDS_MAX):
        hands.first_does("run_clock", *EACH_MINUTE)
        hands.all_do("drain", jobs_are)
        if not hands.first_does("has_some_left", *EACH_MINUTE):
            break
    hands.all_do("run_share_of_clock", *EACH_HOUR)
    hands.all_do("drain", jobs_are)


def _settle(hands: Crew, over: datetime) -> None:
    """Until all that was asked is answered, and the last day is held against the gateway's account."""
    for hours in SETTLED_AFTER_H:
        hands.all_do("wait", over + timedelta(hours=hours))
        for _ in range(3):
            _look_after_jobs(hands, QUIET)
    for hours in range(SETTLED_AFTER_H[-1] + 1, SETTLED_AFTER_H[-1] + ASKED_FOR_H):
        hands.all_do("wait", over + timedelta(hours=hours))
        hands.first_does("run_clock", "payments.sweep")
        hands.all_do("drain", QUIET)
    hands.first_does("run_clock", "payments.compare", "ledger.book_lines")
    hands.all_do("drain", QUIET)


def _report(told: Sequence[Sequence[Counter[str]]], answers: list[Answer]) -> None:
    done, refused, failed = (_sum(each) for each in zip(*told, strict=True))
    print(f"\n{failed['deaths']} deaths, {failed['doubles']} things done twice, {failed['losses']} webhooks lost")
    for title, counts in (("done", done), ("refused, with the reason told", refused)):
        print(f"\n{title}:")
        for name, count in counts.most_common():
            print(f"  {count:7} {name}")
    print("\nat the end:")
    for answer in answers:
        print(f"  {'yes' if answer.holds else 'NO '} {answer.claim}")
        for row in answer.found:
            print(f"        {' · '.join(str(value) for value in row)}")


def _sum(counts: Sequence[Counter[str]]) -> Counter[str]:
    summed: Counter[str] = Counter()
    for each in counts:
        summed += each
    return summed

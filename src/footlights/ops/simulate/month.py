"""`footlights simulate month`: thirty days of trade, then the questions. Imported once Django is set up (world.py)."""

import time
from datetime import UTC, datetime, timedelta

from footlights.kernel.clock import run_ahead
from footlights.ops.simulate.checks import Answer, ask_all
from footlights.ops.simulate.faults import Faults
from footlights.ops.simulate.house import open_house
from footlights.ops.simulate.shows import Shows
from footlights.ops.simulate.trade import Trade
from footlights.ops.simulate.worker import drain, run_clock, run_while_due, webhooks_arrive
from footlights.subscriptions.api import register_watch_time

START = datetime(2028, 1, 31, tzinfo=UTC)  # a month's last day before a leap day
DAYS = 30
HOURS = (6, 11, 16, 21)  # at which people come and jobs are looked after
JOINING_DAYS = 15
BUY, COMPLETE, GIVE_BACK, CHANGE_MIND = 0.03, 0.05, 0.003, 0.02  # of those who are here, each day
TIP, GIVE, OPEN_GIFT, WATCH = 0.01, 0.01, 0.012, 0.05
TICKET, RETURN_TICKET = 0.01, 0.01
SETTLED_AFTER_H = (1, 8, 30, 60, 200, 230)  # the last day: nobody comes, nothing fails, what is open is settled
ASKED_FOR_H = 48  # so long, at most, until a gateway that does not answer has answered
EACH_MINUTE = ("payments.sweep", "subscriptions.renew")  # and each time no more than some hundred
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


def simulate_month(*, subscribers: int, seed: int, channels: int) -> bool:
    """Print what happened and whether it adds up; True when all of it does."""
    began = time.monotonic()
    run_ahead(START)
    trade = Trade(open_house(channels), Faults(seed, deaths=0.03, doubles=0.03, losses=0.05))
    shows = Shows(trade)
    register_watch_time(trade.watched_by)
    with webhooks_arrive():
        for day in range(DAYS):
            until = subscribers * min(day + 1, JOINING_DAYS) // JOINING_DAYS
            _live_a_day(trade, shows, START + timedelta(days=day), until=until)
            spent_s = time.monotonic() - began
            print(f"day {day + 1:2} of {DAYS}: {len(trade.people):6} members, {spent_s:5.0f} s", flush=True)
        _settle()
    answers = ask_all(of_many_days=True)
    _report(trade, answers)
    return all(answer.holds for answer in answers)


def _live_a_day(trade: Trade, shows: Shows, day: datetime, *, until: int) -> None:
    """At the end of it `until` people have come."""
    before = len(trade.people)
    for number, hour in enumerate(HOURS, 1):
        run_ahead(day + timedelta(hours=hour))
        while len(trade.people) < before + (until - before) * number // len(HOURS):
            trade.join()
        here = len(trade.people) / len(HOURS)
        for act, share in (
            (trade.buy, BUY),
            (trade.give_back, GIVE_BACK),
            (trade.complete, COMPLETE),
            (trade.change_mind, CHANGE_MIND),
            (trade.tip, TIP),
            (trade.watch, WATCH),
            (trade.give, GIVE),
            (trade.open_gift, OPEN_GIFT),
            (shows.sell, TICKET),
            (shows.change_mind, RETURN_TICKET),
        ):
            for _ in range(round(here * share)):
                act()
        shows.go_on()
        if number == 1:
            shows.plan()
            shows.put_off()
        trade.grow()
        trade.invite_press()
        trade.review()
        trade.convert()
        trade.answer_banks()
        drain(trade.faults)
        run_while_due(*EACH_MINUTE, faults=trade.faults)
        run_clock(*EACH_HOUR)
        drain(trade.faults)


def _settle() -> None:
    """Until all that was asked is answered, and the last day is held against the gateway's account."""
    quiet = Faults(0, deaths=0, doubles=0, losses=0)
    over = START + timedelta(days=DAYS)
    for hours in SETTLED_AFTER_H:
        run_ahead(over + timedelta(hours=hours))
        for _ in range(3):
            run_while_due(*EACH_MINUTE, faults=quiet)
            run_clock(*EACH_HOUR)
            drain(quiet)
    for hours in range(SETTLED_AFTER_H[-1] + 1, SETTLED_AFTER_H[-1] + ASKED_FOR_H):
        run_ahead(over + timedelta(hours=hours))
        run_while_due("payments.sweep", faults=quiet)
    run_clock("payments.compare", "ledger.book_lines")
    drain(quiet)


def _report(trade: Trade, answers: list[Answer]) -> None:
    faults = trade.faults
    print(f"\n{faults.deaths} deaths, {faults.doubles} things done twice, {faults.losses} webhooks lost")
    for title, counts in (("done", trade.done), ("refused, with the reason told", trade.refused)):
        print(f"\n{title}:")
        for name, count in counts.most_common():
            print(f"  {count:7} {name}")
    print("\nat the end:")
    for answer in answers:
        print(f"  {'yes' if answer.holds else 'NO '} {answer.claim}")
        for row in answer.found:
            print(f"        {' · '.join(str(value) for value in row)}")

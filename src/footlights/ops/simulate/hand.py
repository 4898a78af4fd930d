"""One of the processes of a simulated month: its people, what they do in an hour, its part of the background jobs."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime

from footlights.kernel.clock import run_ahead
from footlights.ops.simulate.faults import Faults
from footlights.ops.simulate.house import Shop
from footlights.ops.simulate.shows import Shows
from footlights.ops.simulate.trade import Trade
from footlights.ops.simulate.worker import Share, drain, has_some_left, run_clock, webhooks_arrive
from footlights.subscriptions.api import Watched, register_watch_time

HOURS_A_DAY = 4  # at which people come and jobs are looked after
BUY, COMPLETE, GIVE_BACK, CHANGE_MIND = 0.03, 0.05, 0.003, 0.02  # of those who are here, each day
TIP, GIVE, OPEN_GIFT, WATCH = 0.01, 0.01, 0.012, 0.05
TICKET, RETURN_TICKET, GIVE_TICKET = 0.01, 0.01, 0.004
OFTEN = {"deaths": 0.03, "doubles": 0.03, "losses": 0.05}
NEVER = {"deaths": 0.0, "doubles": 0.0, "losses": 0.0}
FAILING, QUIET = "failing", "quiet"  # how jobs run


class Hand:
    """Its methods are the steps of a month, each called once all processes have done the one before.

    What people do hangs on a seed of their own, so that it does not change with what jobs there are.
    """

    def __init__(self, number: int, count: int, *, seed: int) -> None:
        self._number, self._count = number, count
        self._share = Share(number, count)
        self._people = Faults(f"people {number} of {seed}", **OFTEN)
        self._faults = {FAILING: Faults(f"jobs {number} of {seed}", **OFTEN), QUIET: Faults("", **NEVER)}
        self._arriving = ExitStack()
        self._arriving.enter_context(webhooks_arrive())

    def open(self, shops: list[Shop]) -> None:
        """Everything is sold to everybody's people; the evenings of some channels are planned here."""
        self._trade = Trade(shops, self._people, name=f"hand{self._number}")
        self._shows = Shows(self._trade, shops[self._number :: self._count])
        register_watch_time(self._trade.watched_by)

    def live(self, at: datetime, until: int, day: int, hour: int) -> list[Watched]:
        """An hour of a day; at its end `until` people have come to all. Returns what ours watched."""
        run_ahead(at)
        trade, shows = self._trade, self._shows
        while len(trade.people) < (until + self._count - 1 - self._number) // self._count:
            trade.join()
        here = len(trade.people) / HOURS_A_DAY
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
            (shows.give, GIVE_TICKET),
        ):
            for _ in range(round(here * share)):
                act()
        shows.go_on()
        if hour == 0 and day % self._count == self._number:  # what happens once a day, here or elsewhere
            shows.plan()
            shows.put_off()
        if (day * HOURS_A_DAY + hour) % self._count == self._number:  # and what happens once an hour
            self._keep_house()
        return trade.take_watched()

    def _keep_house(self) -> None:
        for act in (
            self._trade.grow,
            self._trade.invite_press,
            self._trade.review,
            self._trade.convert,
            self._trade.answer_banks,
        ):
            act()

    def know(self, watched: list[Watched]) -> None:
        """What everybody's people watched, by which whoever shares the pass shares it."""
        self._trade.watched += watched

    def wait(self, until: datetime) -> None:
        """Nobody comes."""
        run_ahead(until)

    def drain(self, jobs_are: str) -> int:
        return drain(self._faults[jobs_are], self._share)

    def run_clock(self, *names: str) -> None:
        run_clock(*names)

    def has_some_left(self, *names: str) -> bool:
        return any(map(has_some_left, names))

    def run_share_of_clock(self, *names: str) -> None:
        run_clock(*names[self._number :: self._count])

    def tell(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """What was done, what was refused, and what failed."""
        failed: Counter[str] = Counter()
        for each in (self._people, *self._faults.values()):
            failed += Counter({"deaths": each.deaths, "doubles": each.doubles, "losses": each.losses})
        return self._trade.done, self._trade.refused, failed

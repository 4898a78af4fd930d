"""The house's figures in one currency, from what payments, the books and subscriptions count. Never renders.

A dozen queries, each bounded by the period; see the contexts' own figures for what each counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from footlights.accounts.api import get_installation
from footlights.kernel.money import Money
from footlights.ledger.api import list_balances, list_daily_totals
from footlights.monetization.api import COUPONS
from footlights.payments.api import DayOfTrade, count_payers, trade_by_day
from footlights.subscriptions.api import (
    Cohort,
    DayOfMembers,
    cohorts,
    member_figures,
    members_by_day,
    recurring_by_day,
)

COHORTS = 12
WHOLE_BPS = 10_000
FEES, COSTS = "platform:fees", "gatewaycost:"


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    trade: DayOfTrade
    fees: Money
    costs: Money
    borne: Money  # of discounts by coupons of the platform's
    recurring: Money
    members: DayOfMembers

    @property
    def take(self) -> Money:
        """What stays with the platform: its fees less what gateways cost, and what its coupons did."""
        return self.fees - self.costs - self.borne


@dataclass(frozen=True, slots=True)
class Figures:
    currency: str
    days: list[Day]
    payers: int
    churn_bps: int | None
    cohorts: list[Cohort]

    @property
    def volume(self) -> Money:
        return self._sum(each.trade.captured for each in self.days)

    @property
    def refunded(self) -> Money:
        return self._sum(each.trade.refunded for each in self.days)

    @property
    def fees(self) -> Money:
        return self._sum(each.fees for each in self.days)

    @property
    def costs(self) -> Money:
        return self._sum(each.costs for each in self.days)

    @property
    def borne(self) -> Money:
        return self._sum(each.borne for each in self.days)

    @property
    def take(self) -> Money:
        return self.fees - self.costs - self.borne

    @property
    def recurring(self) -> Money:
        return self.days[-1].recurring

    @property
    def members(self) -> int:
        return self.days[-1].members.members

    @property
    def payments(self) -> int:
        return sum(each.trade.payments for each in self.days)

    @property
    def disputes(self) -> int:
        return sum(each.trade.disputes for each in self.days)

    @property
    def per_payer(self) -> Money | None:
        """What a paying viewer brought, rounded down; None while nobody paid."""
        kept = self.volume - self.refunded
        return Money(max(0, kept.amount_minor) // self.payers, self.currency) if self.payers else None

    @property
    def disputed_bps(self) -> int | None:
        return self.disputes * WHOLE_BPS // self.payments if self.payments else None

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, start=Money(0, self.currency))


def figures_of(currency: str, days: int, at: datetime) -> Figures:
    """Of the last `days` UTC days, today included."""
    until = at.astimezone(UTC).date()
    since = until - timedelta(days=days - 1)
    trade = trade_by_day(currency, since, until)
    fees = [-amount for _day, amount in list_daily_totals(FEES, currency, since, until)]
    costs = _costs_by_day(currency, since, until)
    recurring = recurring_by_day(currency, since, until)
    members = members_by_day(None, days, at, currency=currency)
    borne = [amount for _day, amount in list_daily_totals(COUPONS, currency, since, until)]
    lines = zip(trade, fees, costs, borne, recurring, members, strict=True)
    churn = [each.churn_bps for each in member_figures(None, at) if each.monthly.currency == currency]
    return Figures(
        currency=currency,
        days=[
            Day(day.day, day, fee, cost, off, monthly, those) for day, fee, cost, off, (_on, monthly), those in lines
        ],
        payers=count_payers(currency, since, until),
        churn_bps=churn[0] if churn else None,
        cohorts=cohorts(currency, COHORTS, at),
    )


def currencies_of() -> list[str]:
    """Those that money ever came in, the installation's first; that one where none did."""
    own = get_installation().currency
    seen = {each.amount.currency for each in list_balances("gateway:")}
    return sorted(seen | {own}, key=lambda code: (code != own, code))


def _costs_by_day(currency: str, since: date, until: date) -> list[Money]:
    """What all gateways kept for themselves on each day."""
    accounts = [each.account for each in list_balances(COSTS) if each.amount.currency == currency]
    by_account = [list_daily_totals(account, currency, since, until) for account in accounts]
    nothing = [Money(0, currency)] * ((until - since).days + 1)
    return [
        sum(amounts, start=first)
        for first, *amounts in zip(nothing, *([each for _, each in days] for days in by_account), strict=True)
    ]

"""What each seller earned in a year, read from the books: by quarter for DAC7, by month for Form 1099-K."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from footlights.accounts.api import UNION, UNITED_STATES, KeptTaxpayer, Taxpayer, list_taxpayers
from footlights.kernel.money import Money
from footlights.ledger.api import Earned, Unit, earned_by, earned_by_each
from footlights.prices.api import convert, rates_on
from footlights.sellers.errors import RateMissingError
from footlights.sellers.payees import accounts_of, accounts_of_each
from footlights.sellers.policies import PAID_OUT, year_of

MONTHS, QUARTERS = 12, 4
DOLLAR = "USD"


@dataclass(frozen=True, slots=True)
class Quarters:
    """A year in one currency; None for a quarter in which nothing moved."""

    currency: str
    quarters: tuple[Earned | None, ...]

    def amounts(self, name: str) -> list[Money]:
        """One figure of Earned for each of the four quarters."""
        return [getattr(each, name) if each else Money(0, self.currency) for each in self.quarters]

    def counts(self) -> list[int]:
        return [each.kept if each else 0 for each in self.quarters]


@dataclass(frozen=True, slots=True)
class QuartersOf(Quarters):
    """The year of a seller who said who they are."""

    person_id: UUID
    taxpayer: Taxpayer


@dataclass(frozen=True, slots=True)
class MonthsOf:
    """A seller's year in US dollars: what buyers paid each month, before fees and refunds, and how often."""

    person_id: UUID
    taxpayer: Taxpayer
    months: tuple[Money, ...]
    sales: int

    @property
    def gross(self) -> Money:
        return sum(self.months, Money(0, DOLLAR))


def quarters_in_the_union(year: int) -> Iterator[QuartersOf]:
    """Of every seller who is resident there and was credited, or gave back, in that year; each currency apart."""
    for kept in _everybody():
        if kept.taxpayer.country in UNION:
            yield from _quarters_of(kept, year)


def months_in_the_states(year: int) -> Iterator[MonthsOf]:
    """Of every seller who is resident there and sold in that year. Raises RateMissingError.

    What was earned in another currency is converted month by month, at the newest rate known on the month's last day.
    """
    for kept in _everybody():
        if kept.taxpayer.country == UNITED_STATES and (found := _months_of(kept, year)):
            yield found


def _everybody() -> Iterator[KeptTaxpayer]:
    after: UUID | None = None
    while batch := list_taxpayers(after=after):
        yield from batch
        after = batch[-1].person_id


def quarters_of_each(person_ids: Sequence[UUID], year: int) -> dict[UUID, list[Quarters]]:
    """What each of them earned in that year, by quarter, each currency apart: nothing of who earned nothing.

    Two queries.
    """
    since, until = year_of(year)
    owners = {str(person_id): accounts for person_id, accounts in accounts_of_each(person_ids).items()}
    found = earned_by_each(Unit.QUARTER, owners, since=since, until=until, apart=PAID_OUT)
    return {UUID(person_id): list(_by_currency(earned)) for person_id, earned in found.items()}


def _quarters_of(kept: KeptTaxpayer, year: int) -> Iterator[QuartersOf]:
    for each in _by_currency(_earned(kept.person_id, Unit.QUARTER, year)):
        yield QuartersOf(each.currency, each.quarters, kept.person_id, kept.taxpayer)


def _by_currency(earned: Iterable[Earned]) -> Iterator[Quarters]:
    by_currency: dict[str, list[Earned | None]] = {}
    for each in earned:
        quarters = by_currency.setdefault(each.shares.currency, [None] * QUARTERS)
        quarters[(each.start.month - 1) // (MONTHS // QUARTERS)] = each
    for currency, quarters in sorted(by_currency.items()):
        yield Quarters(currency, tuple(quarters))


def _months_of(kept: KeptTaxpayer, year: int) -> MonthsOf | None:
    months = [Money(0, DOLLAR)] * MONTHS
    for each in _earned(kept.person_id, Unit.MONTH, year):
        if each.gross:
            months[each.start.month - 1] += _in_dollars(each)
    sales = sum(each.sales for each in _earned(kept.person_id, Unit.YEAR, year))
    return MonthsOf(kept.person_id, kept.taxpayer, tuple(months), sales) if sales else None


def _in_dollars(month: Earned) -> Money:
    last = _last_day(month.start)
    found = convert(month.gross, DOLLAR, rates_on(last))
    if found is None:
        raise RateMissingError(currency=month.gross.currency, on=last)
    return found


def _last_day(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _earned(person_id: UUID, unit: Unit, year: int) -> list[Earned]:
    since, until = year_of(year)
    return earned_by(unit, accounts_of(person_id), since=since, until=until, apart=PAID_OUT)

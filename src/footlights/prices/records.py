"""What crosses the door of prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from footlights.kernel.money import Money

WHOLE_BPS = 10_000


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who asks for a price: the country they are in, and the currency they chose; empty where nobody knows or says."""

    country: str = ""
    currency: str = ""


AT_HOME = Buyer()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for something.

    `lesser` is the smaller price beside it, in the same currency: the least that a buyer who says their own price may
    say, an early price, or an introductory one.
    """

    price: Money
    lesser: Money | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """Where a channel sells in a currency that is not its own: everywhere, or in one country alone.

    `share_bps` is how much of the price at home is asked there, in ten-thousandths.
    """

    currency: str
    country: str = ""
    share_bps: int = WHOLE_BPS


@dataclass(frozen=True, slots=True)
class LocalPrice:
    """What is asked in a market. A kept one is what its creator agreed to, and stays until they agree to another."""

    currency: str
    country: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of a currency one euro bought on a day, and who said so."""

    currency: str
    on: date
    per_euro: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Rates:
    """The newest rate of each currency at a moment; the euro's own is one."""

    by_currency: Mapping[str, Rate] = field(default_factory=dict)

    def per_euro(self, currency: str) -> Decimal | None:
        if currency == "EUR":
            return Decimal(1)
        rate = self.by_currency.get(currency)
        return rate.per_euro if rate else None

    def between(self, source: str, target: str) -> Decimal:
        """How much of `target` one unit of `source` is worth. Both must have a rate."""
        one, other = self.per_euro(source), self.per_euro(target)
        assert one is not None  # noqa: S101  the caller converted with it
        assert other is not None  # noqa: S101  as above
        return other / one

"""Money: integer minor units and an ISO 4217 currency. No floats; rounding is named; splits sum exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from babel.numbers import format_currency, parse_decimal
from iso4217 import Currency

from footlights.kernel.errors import InvalidInputError

MAX_AMOUNT_MINOR = 10**12  # far above any film, far below a bigint, so that sums cannot overflow


@cache
def exponent_of(currency: str) -> int:
    """Digits after the point, from ISO 4217's own table: EUR 2, JPY 0, KWD 3. Raises InvalidInputError."""
    try:
        exponent = Currency(currency).exponent
    except ValueError as error:
        raise InvalidInputError(f"{currency!r} is not a currency of ISO 4217.", field="currency") from error
    if exponent is None:
        raise InvalidInputError(f"{currency} is not a currency one can pay with.", field="currency")
    return int(exponent)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount. Arithmetic between currencies is an error, never a conversion."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent_of(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._same_currency(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._same_currency(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount_minor < self._same_currency(other)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly: Money(1250, "EUR").decimal is 12.50."""
        return Decimal(self.amount_minor).scaleb(-exponent_of(self.currency))

    def format(self, locale: str = "en") -> str:
        """As a reader of `locale` (BCP 47 or POSIX) writes it: €12.50, 12,50 €, ¥1,250."""
        exponent = exponent_of(self.currency)
        return format_currency(
            self.decimal,
            self.currency,
            locale=locale.replace("-", "_"),
            currency_digits=exponent == _cldr_digits(self.currency),
            decimal_quantization=exponent == _cldr_digits(self.currency),
        )

    def share_bps(self, bps: int) -> "Money":
        """`bps` ten-thousandths of the amount, rounded half to even (never negative zero)."""
        quotient, remainder = divmod(self.amount_minor * bps, 10_000)
        if remainder * 2 > 10_000 or (remainder * 2 == 10_000 and quotient % 2):  # noqa: PLR2004
            quotient += 1
        return Money(quotient, self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to `weights` that sum to the amount exactly (largest remainder; ties to the first)."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise InvalidInputError("Shares must not be negative, and one must be above zero.")
        floors = [self.amount_minor * weight // total for weight in weights]
        remainders = [self.amount_minor * weight % total for weight in weights]
        left = self.amount_minor - sum(floors)
        for index in sorted(range(len(weights)), key=lambda i: -remainders[i])[:left]:
            floors[index] += 1
        return [Money(part, self.currency) for part in floors]

    def _same_currency(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.amount_minor


def parse_money(text: str, currency: str, *, locale: str = "en") -> Money:
    """What a person typed, as Money ≥ 0. Raises InvalidInputError on words, signs, too many digits, too much."""
    exponent = exponent_of(currency)
    try:
        amount = parse_decimal(text.strip(), locale=locale.replace("-", "_"), strict=True)
    except (ValueError, InvalidOperation) as error:
        raise InvalidInputError(f"“{text}” is not an amount. Write it like 4.00.", field="price") from error
    scaled = amount.scaleb(exponent)
    if not scaled.is_finite() or scaled < 0:
        raise InvalidInputError("An amount cannot be negative.", field="price")
    if scaled != scaled.to_integral_value():
        raise InvalidInputError(f"{currency} has {exponent} digits after the point.", field="price")
    if scaled > MAX_AMOUNT_MINOR:
        raise InvalidInputError("That is more than anybody can pay here.", field="price")
    return Money(int(scaled), currency)


@cache
def _cldr_digits(currency: str) -> int:
    from babel.numbers import get_currency_precision  # noqa: PLC0415  cached once; keeps the import list honest

    return get_currency_precision(currency)

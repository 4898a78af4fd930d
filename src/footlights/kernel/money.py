"""Money: integer minor units and an ISO 4217 currency. No floats; rounding is named; splits sum exactly."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import (
    NumberPattern,
    get_currency_symbol,
    get_group_symbol,
    get_territory_currencies,
    parse_decimal,
)
from iso4217 import Currency

from footlights.kernel.errors import InvalidInputError

MAX_AMOUNT_MINOR = 10**12  # far above any film, far below a bigint, so that sums cannot overflow
TYPED_LENGTH_MAX = 40  # longer than the largest amount with its separators and its currency
LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")  # KWD 1.250, not KWD1.250
DIRECTION_MARKS = {0x200E: None, 0x200F: None, 0x061C: None}  # Arabic and Hebrew amounts carry them unseen
EXACT = Context(prec=100)  # wide enough that nothing typed is ever rounded


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


@cache
def currencies_paid_with() -> tuple[str, ...]:
    """What people pay with somewhere today (CLDR), by code: no units of account, funds, metals or test codes."""
    tender = {code for territory in get_global("territory_currencies") for code in get_territory_currencies(territory)}
    return tuple(sorted(each.code for each in Currency if each.code in tender and each.exponent is not None))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount. Arithmetic between currencies is an error, never a conversion."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.amount_minor!r}")
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
        return Decimal(self.amount_minor).scaleb(-exponent_of(self.currency), EXACT)

    def format(self, locale: str = "en") -> str:
        """As a reader of `locale` (BCP 47 or POSIX) writes it: €12.50, 12,50 €, ¥1,250."""
        parsed = _locale(locale)
        pattern = _pattern(parsed, exponent_of(self.currency))
        written = pattern.apply(self.decimal, parsed, currency=self.currency, currency_digits=False)
        return LETTER_MEETS_DIGIT.sub("\N{NO-BREAK SPACE}", written)

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
    """What a person typed, as Money ≥ 0; the currency's sign or code may stand beside it.

    Raises InvalidInputError on words, signs, digits the currency does not have, and too much.
    """
    exponent = exponent_of(currency)
    scaled = _read(text, currency, _locale(locale)).scaleb(exponent, EXACT)
    if scaled < 0:
        raise InvalidInputError("An amount cannot be negative.", field="price")
    if scaled > MAX_AMOUNT_MINOR:
        raise InvalidInputError("That is more than anybody can pay here.", field="price")
    if scaled != int(scaled):
        has = f"{exponent} digits after the point" if exponent else "no digits after the point"
        raise InvalidInputError(f"{currency} has {has}.", field="price")
    return Money(int(scaled), currency)


def _read(text: str, currency: str, locale: Locale) -> Decimal:
    bare = text.translate(DIRECTION_MARKS).strip()
    for sign in (currency, get_currency_symbol(currency, locale).translate(DIRECTION_MARKS), currency.lower()):
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
    group = get_group_symbol(locale)
    if group.isspace():  # French groups by a narrow space, which no keyboard has
        bare = "".join(group if letter.isspace() else letter for letter in bare)
    is_plain = len(text) <= TYPED_LENGTH_MAX and not any(letter.isalpha() for letter in bare)  # no NaN, Infinity, 1e9
    try:
        if is_plain:
            return parse_decimal(bare, locale=locale, strict=True)
    except (ValueError, InvalidOperation):
        pass
    example = Money(4 * 10 ** exponent_of(currency), currency).format(str(locale))
    raise InvalidInputError(f"“{text[:TYPED_LENGTH_MAX]}” is not an amount. Write it like {example}.", field="price")


@cache
def _pattern(locale: Locale, digits: int) -> NumberPattern:
    """The locale's currency pattern with ISO 4217's digits. CLDR's own differ for AFN, IQD, RSD and others."""
    pattern: NumberPattern = copy.copy(locale.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern


@cache
def _locale(tag: str) -> Locale:
    """`tag` as BCP 47 or POSIX writes it; English where nobody wrote down how amounts look."""
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")

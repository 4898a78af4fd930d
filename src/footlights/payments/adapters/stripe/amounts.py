"""Stripe's amounts and ours. Both count the smallest units, but Stripe has ideas of its own about some currencies.

Source: https://docs.stripe.com/currencies, "zero-decimal", "three-decimal" and "special cases".
"""

from footlights.kernel.money import Money, exponent_of
from footlights.payments.errors import GatewayRefusedError

EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}  # where Stripe's differs from ISO 4217's
LAST_DIGIT_IS_ZERO = 3  # of three decimals the last must be zero


def to_stripe(amount: Money) -> int:
    """Raises GatewayRefusedError on an amount that Stripe cannot express."""
    ours = exponent_of(amount.currency)
    step = 10 ** (ours - _exponent(amount.currency)) if ours > _exponent(amount.currency) else 1
    if ours == LAST_DIGIT_IS_ZERO:
        if amount.amount_minor % 10:
            raise GatewayRefusedError(f"{amount.format()} has one digit too many for the payment service.")
        return amount.amount_minor
    if amount.amount_minor % step:
        raise GatewayRefusedError(f"{amount.format()} has digits that the payment service does not know.")
    return int(amount.amount_minor // step * 10 ** max(_exponent(amount.currency) - ours, 0))


def from_stripe(amount: int, currency: str) -> Money:
    """`currency` as Stripe writes it, in small letters."""
    code = currency.upper()
    ours, theirs = exponent_of(code), _exponent(code)
    return Money(amount * 10 ** max(ours - theirs, 0) // 10 ** max(theirs - ours, 0), code)


def _exponent(code: str) -> int:
    return EXPONENTS.get(code, exponent_of(code))

"""PayPal's amounts, decimals as text, and ours.

Source: https://developer.paypal.com/api/rest/reference/currency-codes/.
"""

from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from typing import Any

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import EXACT, Money, exponent_of
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError

# fmt: off
KNOWN = frozenset({
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK",
    "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD",
})
# fmt: on
STRICT = Context(prec=100, traps=[Inexact, InvalidOperation])  # what would be rounded is an error
WHOLE = frozenset({"HUF", "JPY", "TWD"})  # written without decimals, whatever ISO 4217 says


def to_paypal(amount: Money) -> dict[str, str]:
    """Raises GatewayRefusedError on an amount that PayPal cannot express."""
    return {"currency_code": amount.currency, "value": written(amount)}


def written(amount: Money) -> str:
    """The figure alone. Raises GatewayRefusedError."""
    if amount.currency not in KNOWN:
        raise GatewayRefusedError(f"PayPal does not take {amount.currency}.")
    if amount.currency not in WHOLE:
        return f"{amount.decimal:f}"
    if amount.decimal % 1:
        raise GatewayRefusedError(f"{amount.format()} has digits that PayPal does not know.")
    return f"{int(amount.decimal)}"


def from_paypal(told: dict[str, Any]) -> Money:
    """`told` as Orders (`currency_code`) or Payouts (`currency`) write it."""
    code = str(told.get("currency_code") or told.get("currency"))
    try:
        minor = Decimal(str(told["value"])).scaleb(exponent_of(code), EXACT)
        return Money(int(minor.to_integral_exact(context=STRICT)), code)
    except (KeyError, DecimalException, ValueError, InvalidInputError) as error:
        raise GatewayUnreachableError("PayPal answered with an amount that is none.") from error

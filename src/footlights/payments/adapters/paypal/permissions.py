"""What our app needs PayPal's leave for. Pure.

Source: https://developer.paypal.com/apps-scopes-and-credentials: a token's scopes are all that the app may do.
"""

from collections.abc import Collection

_SERVICES = "https://uri.paypal.com/services"
# By the name it has in PayPal's dashboard: any of these scopes is enough.
NEEDED = {
    "Checkout": {
        f"{_SERVICES}/payments/payment/authcapture",
        f"{_SERVICES}/payments/realtimepayment",
        f"{_SERVICES}/payments/payment",
        "https://api.paypal.com/v1/payments/.*",
    },
    "Vault": {f"{_SERVICES}/vault/payment-tokens/readwrite"},
    "Payouts": {"https://uri.paypal.com/payments/payouts"},
    "Customer disputes": {f"{_SERVICES}/disputes/update-seller"},
    "Transaction search": {f"{_SERVICES}/reporting/search/read"},
}


def lacking(scopes: Collection[str]) -> tuple[str, ...]:
    """Nothing where PayPal does not tell."""
    return tuple(name for name, enough in NEEDED.items() if scopes and enough.isdisjoint(scopes))

"""Which gateways there are, by name, and the one new payments use (settings.PAYMENT_GATEWAY)."""

from django.conf import settings
from django.utils.module_loading import import_string

from footlights.kernel.errors import NotFoundError
from footlights.payments.adapters.gateway import Gateway
from footlights.payments.adapters.sandbox.gateway import SandboxGateway

# Each is imported when it is first used: a gateway's library is larger than all the rest that a process starts with.
_CLASSES = {
    "sandbox": "footlights.payments.adapters.sandbox.gateway.SandboxGateway",
    "stripe": "footlights.payments.adapters.stripe.gateway.StripeGateway",
    "paypal": "footlights.payments.adapters.paypal.gateway.PayPalGateway",
}
TEST_KEYS = ("sk_test_", "rk_test_")  # how Stripe begins the secret and restricted keys of its test mode
TEST_ADDRESS = ".sandbox.paypal.com"  # where PayPal is tried
_gateways: dict[str, Gateway] = {}  # those in use


def gateway_named(name: str) -> Gateway:
    """Raises NotFoundError."""
    if name not in _gateways:
        if name not in _CLASSES:
            raise NotFoundError(f"There is no payment gateway “{name}”.")
        _gateways[name] = import_string(_CLASSES[name])()
    return _gateways[name]


def default_gateway() -> Gateway:
    return gateway_named(settings.PAYMENT_GATEWAY)


def is_sandbox() -> bool:
    """Whether new payments are tests: they look like payments, but no money moves."""
    return default_gateway().name == SandboxGateway.name


def takes_test_money() -> bool:
    """Whether no real money moves: the sandbox, or an outside gateway that was given test keys."""
    tries = {
        SandboxGateway.name: True,
        "stripe": settings.STRIPE_SECRET_KEY.startswith(TEST_KEYS),
        "paypal": settings.PAYPAL_API.endswith(TEST_ADDRESS),
    }
    return tries.get(default_gateway().name, False)


def list_lacks() -> tuple[str, ...]:
    """What new payments need and our keys may not do, in the gateway's words. Raises GatewayUnreachableError."""
    return default_gateway().list_lacks()


def can_be_paid() -> bool:
    """Whether anybody can pay. At a public address a test card opens nothing, unless the operator wants to try it."""
    return settings.SANDBOX_SELLS or not is_sandbox()

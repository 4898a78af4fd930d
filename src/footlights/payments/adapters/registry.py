"""Which gateways there are, by name, and the one new payments use (settings.PAYMENT_GATEWAY)."""

from django.conf import settings

from footlights.kernel.errors import NotFoundError
from footlights.payments.adapters.gateway import Gateway
from footlights.payments.adapters.sandbox.gateway import SandboxGateway
from footlights.payments.adapters.stripe.gateway import StripeGateway

_gateways: dict[str, Gateway] = {gateway.name: gateway for gateway in (SandboxGateway(), StripeGateway())}


def gateway_named(name: str) -> Gateway:
    """Raises NotFoundError."""
    try:
        return _gateways[name]
    except KeyError as error:
        raise NotFoundError(f"There is no payment gateway “{name}”.") from error


def default_gateway() -> Gateway:
    return gateway_named(settings.PAYMENT_GATEWAY)


def is_sandbox() -> bool:
    """Whether new payments are tests: they look like payments, but no money moves."""
    return default_gateway().name == SandboxGateway.name


def can_be_paid() -> bool:
    """Whether anybody can pay. At a public address a test card opens nothing, unless the operator wants to try it."""
    return settings.SANDBOX_SELLS or not is_sandbox()

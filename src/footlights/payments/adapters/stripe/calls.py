"""How Stripe is called, and what its errors mean to us."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import stripe
from django.conf import settings

from footlights.payments.errors import GatewayForbiddenError, GatewayRefusedError, GatewayUnreachableError

TIMEOUT_S = 20
logging.getLogger("stripe").setLevel(logging.WARNING)  # it writes a line for each call, and in debugging what was sent
NOT_NOW = 409, 429  # another of our calls has the lock; too many
SERVER_ERROR = 500


def client() -> stripe.StripeClient:
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API)


@cache
def _client(key: str, api: str) -> stripe.StripeClient:
    """Our own sweep repeats, with the same keys; the library does not."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": api},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )


@contextmanager
def asking() -> Iterator[None]:
    """Raises GatewayUnreachableError when nobody knows what happened, also on an error that Stripe repeats by its key.

    A key of ours that is not valid, or may not do this, is mended by a person: nothing is decided by it. All else is a
    refusal.
    """
    try:
        yield
    except stripe.PermissionError as error:
        raise GatewayForbiddenError(_words("The payment service does not let our key do this", error)) from error
    except (stripe.APIConnectionError, stripe.AuthenticationError) as error:
        raise GatewayUnreachableError(_words("The payment service cannot be asked", error)) from error
    except stripe.StripeError as error:
        status = error.http_status or SERVER_ERROR
        if status >= SERVER_ERROR or status in NOT_NOW:
            raise GatewayUnreachableError(_words("The payment service does not answer", error)) from error
        raise GatewayRefusedError(_words("The payment service refuses", error)) from error


def _words(what: str, error: stripe.StripeError) -> str:
    """Without the library's own message, which may quote what was sent."""
    return f"{what} ({error.code or type(error).__name__}). Nothing is lost."

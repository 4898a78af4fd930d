"""Stripe's signed webhooks: HMAC-SHA256 over time and body, with the secret of the endpoint.

Source: https://docs.stripe.com/webhooks#verify-manually. What a connected account tells of has that account's name
before the event's id, as only both together can be asked for.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import stripe
from django.conf import settings

from footlights.payments.adapters.signatures import TOLERANCE
from footlights.payments.errors import WebhookRefusedError

BETWEEN = "/"  # of an account's name and an event's


class _Told(msgspec.Struct):
    id: str
    account: str = ""


def verify(*, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """The event's name. Header names are lower case. Raises WebhookRefusedError."""
    header = headers.get("stripe-signature", "")
    if not any(_is_signed(body, header, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise WebhookRefusedError("The signature does not match: forged, altered, or signed with another secret.")
    signed_at = int(next(part[2:] for part in header.split(",") if part.startswith("t=")))
    if abs(signed_at - at.timestamp()) > TOLERANCE.total_seconds():
        raise WebhookRefusedError("The webhook is too old or from the future: it may be a recording.")
    try:
        told = msgspec.json.decode(body, type=_Told)
    except msgspec.DecodeError as error:
        raise WebhookRefusedError("The webhook is no event.") from error
    return f"{told.account}{BETWEEN}{told.id}" if told.account else told.id


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    """The age is ours to judge, by the caller's clock and in both directions."""
    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False

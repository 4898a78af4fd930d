"""Signed webhooks as https://www.standardwebhooks.com describes them: HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from footlights.payments.errors import WebhookRefusedError

TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def sign(*, secret: bytes, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers that prove who sent `body`, and when."""
    timestamp = str(int(at.timestamp()))
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: f"v1,{_digest(secret, message_id, timestamp, body)}"}


def verify(*, secret: bytes, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """The message's id. Header names are lower case. Raises WebhookRefusedError."""
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    expected = _digest(secret, message_id, timestamp, body)
    given = [part.removeprefix("v1,") for part in headers.get(SIGNATURE, "").split() if part.startswith("v1,")]
    if not message_id or not any(hmac.compare_digest(expected.encode(), candidate.encode()) for candidate in given):
        raise WebhookRefusedError("The signature does not match: forged, altered, or signed with another secret.")
    if (
        not timestamp.isascii()
        or not timestamp.isdigit()
        or abs(int(timestamp) - at.timestamp()) > TOLERANCE.total_seconds()
    ):
        raise WebhookRefusedError("The webhook is too old or from the future: it may be a recording.")
    return message_id


def _digest(secret: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()

"""The secret the sandbox gateway signs its webhooks with, and we verify them by. Made on first need."""

import secrets
from functools import cache

from footlights.kernel import environment


@cache
def webhook_secret() -> bytes:
    path = environment.load().secrets / "sandbox-gateway-webhook.key"
    return environment.read_or_create_secret(path, lambda: secrets.token_bytes(32))

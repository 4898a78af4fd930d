"""How PayPal is called, and what its errors mean to us."""

import base64
import json
import threading
import time
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings

from footlights.kernel import outgoing
from footlights.payments.errors import GatewayForbiddenError, GatewayRefusedError, GatewayUnreachableError

WITHIN_S = 20.0
ANSWER_BYTES_MAX = 8 << 20  # a page of 500 transactions
EARLIER_S = 60.0  # a token is exchanged this long before it ends
BAD_TOKEN, FORBIDDEN, NOT_FOUND, SERVER_ERROR = 401, 403, 404, 500
NOT_NOW = BAD_TOKEN, 408, 409, 425, 429  # of our keys, or of too much at once: nothing is decided by it
JSON = "application/json"

_tokens: dict[tuple[str, str], tuple[str, float]] = {}  # by address and client: the token, and when it ends
_one_asks = threading.Lock()


class PayPalRefusedError(GatewayRefusedError):
    """PayPal's own words for why: `issues` are its codes."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        details = [each for each in told.get("details") or () if isinstance(each, dict)]
        self.status = status
        self.issues = [str(each["issue"]) for each in details if each.get("issue")] or [str(told.get("name") or status)]
        self.links = links_of(told) | {rel: href for each in details for rel, href in links_of(each).items()}
        super().__init__(f"PayPal refuses ({', '.join(self.issues)}). Nothing is lost.")


def get(path: str, **query: str) -> dict[str, Any]:
    """Raises GatewayUnreachableError, PayPalRefusedError."""
    return _ask("GET", f"{path}?{urlencode(query)}" if query else path)


def post(path: str, asked: dict[str, Any], *, key: str = "") -> dict[str, Any]:
    """Once for each `key`: asked again, PayPal answers what it answered. Raises as `get`."""
    headers = {"Content-Type": JSON, "Prefer": "return=representation"}
    if key:
        headers["PayPal-Request-Id"] = key
    return _ask("POST", path, headers, json.dumps(asked).encode())


def post_form(path: str, body: bytes, content_type: str) -> dict[str, Any]:
    """For what takes files. Raises as `get`."""
    return _ask("POST", path, {"Content-Type": content_type}, body)


def delete(path: str) -> None:
    """Raises as `get`."""
    _ask("DELETE", path)


def links_of(told: dict[str, Any]) -> dict[str, str]:
    return {str(each.get("rel")): str(each.get("href")) for each in told.get("links") or () if isinstance(each, dict)}


def _ask(
    method: Literal["GET", "POST", "DELETE"], path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> dict[str, Any]:
    answer = _send(method, path, {**(headers or {}), "Authorization": f"Bearer {_token()}"}, body)
    if answer.status == BAD_TOKEN:  # it was taken back before its time: once more with a new one
        _tokens.pop(_client(), None)
        answer = _send(method, path, {**(headers or {}), "Authorization": f"Bearer {_token()}"}, body)
    told = _read(answer)
    if answer.is_success:
        return told
    if answer.status == FORBIDDEN:
        why = str(told.get("name") or FORBIDDEN)
        raise GatewayForbiddenError(f"PayPal does not let our app do this ({why}): {path.partition('?')[0]}")
    if answer.status >= SERVER_ERROR or answer.status in NOT_NOW:
        raise GatewayUnreachableError(f"PayPal does not answer ({answer.status}). Nothing is lost.")
    raise PayPalRefusedError(answer.status, told)


def granted() -> frozenset[str]:
    """What our app may do now, in PayPal's names. Raises GatewayUnreachableError."""
    return frozenset(str(_exchange().get("scope") or "").split())


def _exchange() -> dict[str, Any]:
    """Our keys for a token. Raises GatewayUnreachableError."""
    secret = base64.b64encode(f"{settings.PAYPAL_CLIENT_ID}:{settings.PAYPAL_SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = _send("POST", "/v1/oauth2/token", headers, b"grant_type=client_credentials")
    told = _read(answer)
    if not answer.is_success or "access_token" not in told:
        raise GatewayUnreachableError(f"PayPal does not let us in ({answer.status}). Nothing is lost.")
    return told


def _token() -> str:
    """One for all threads, until it ends. Raises GatewayUnreachableError."""
    with _one_asks:
        token, ends = _tokens.get(_client(), ("", 0.0))
        if time.monotonic() >= ends:
            told = _exchange()
            token, ends = str(told["access_token"]), time.monotonic() + float(told.get("expires_in", 0)) - EARLIER_S
            _tokens[_client()] = token, ends
        return token


def _client() -> tuple[str, str]:
    return settings.PAYPAL_API, settings.PAYPAL_CLIENT_ID


def _send(method: Literal["GET", "POST", "DELETE"], path: str, headers: dict[str, str], body: bytes) -> outgoing.Answer:
    try:
        return outgoing.fetch(
            method,
            settings.PAYPAL_API + path,
            headers={"Accept": JSON, "User-Agent": "footlights", **headers},
            body=body or None,
            bytes_max=ANSWER_BYTES_MAX,
            within_s=WITHIN_S,
        )
    except outgoing.OutgoingError as error:
        raise GatewayUnreachableError(f"PayPal cannot be asked: {error} Nothing is lost.") from error


def _read(answer: outgoing.Answer) -> dict[str, Any]:
    """An answer that is no object says nothing: with a success it is a lost one."""
    try:
        told = json.loads(answer.body or b"{}")
    except ValueError as error:
        if not answer.is_success:
            return {}
        raise GatewayUnreachableError("PayPal's answer cannot be read. Nothing is lost.") from error
    return told if isinstance(told, dict) else {}

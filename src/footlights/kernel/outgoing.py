"""Requests to addresses that people give us: webhooks, pictures by address, other services' sign-in.

The one client for them. Owns what may be reached, how long it may take and how much may come back. The name is resolved
here, each address is judged, and the connection goes to the very address that was judged: a name that answers otherwise
a moment later changes nothing. Never uses a proxy from the environment, keeps no connection and sends no cookie.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

from footlights.kernel import tracing
from footlights.kernel.addresses import is_public
from footlights.kernel.errors import FootlightsError

ANSWER_BYTES_MAX = 64 << 10
WITHIN_S = 10.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = {"https": 443, "http": 80}


class OutgoingError(FootlightsError):
    """The other side could not be asked, or did not answer as it should. Trying again later may help."""

    code = "outgoing"


class AddressRefusedError(OutgoingError):
    """We do not call this address: it is inside our own network, or not over TLS. Trying again does not help."""

    code = "address_refused"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    url: str  # where it came from, after redirects

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004  RFC 9110 §15.3


def fetch(
    method: Literal["GET", "POST", "DELETE"],
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    bytes_max: int = ANSWER_BYTES_MAX,
    within_s: float = WITHIN_S,
    redirects_max: int = 0,
) -> Answer:
    """Ask `url` and read its answer whole: at most `bytes_max`, all of it within `within_s` seconds.

    Follows at most `redirects_max` redirects, of a GET only, each judged like the first. Where none are followed, the
    redirect itself is the answer. Raises AddressRefusedError and OutgoingError.
    """
    ends = time.monotonic() + within_s
    for _hop in range(redirects_max + 1):
        answer = _fetch_once(method, url, dict(headers or {}), body, bytes_max, ends)
        follows = answer.status in REDIRECTS and "location" in answer.headers and redirects_max and method == "GET"
        if not follows:
            return answer
        url = urljoin(url, answer.headers["location"])
    raise OutgoingError(_("It led from address to address too often."))


def check_url(url: str) -> SplitResult:
    """Its parts, when it is one we may call as far as words tell. Raises AddressRefusedError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefusedError(_("That is not a web address.")) from error
    if not host or parts.scheme not in PORTS or not url.isascii() or any(ord(each) <= ord(" ") for each in url):
        raise AddressRefusedError(_("That is not a web address that begins with https://."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError(_("A web address with a name or password in it is not called."))
    if port == 0:
        raise AddressRefusedError(_("That is not a web address."))
    if parts.scheme != "https" and not _is_allowed(host, _port_of(parts)):
        raise AddressRefusedError(_("Only addresses that begin with https:// are called."))
    return parts


def _fetch_once(
    method: str, url: str, headers: dict[str, str], body: bytes | None, bytes_max: int, ends: float
) -> Answer:
    parts = check_url(url)
    host, port = parts.hostname or "", _port_of(parts)  # all that a trace is told: a path may be a webhook's secret
    backend = _CheckedBackend(ends, may_be_private=_is_allowed(host, port))
    limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), max(ends - time.monotonic(), 0.001))}
    try:
        with (
            tracing.span(method, kind="client", server__address=host, server__port=port) as called,
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
            pool.stream(method, url, headers=[*headers.items()], content=body, extensions=limits) as response,
        ):
            called.note(http__response__status_code=response.status)
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(response.status, told, _read(response.iter_stream(), bytes_max), url)
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise OutgoingError(_("It did not answer in time.")) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        raise OutgoingError(_("It could not be reached: %(why)s") % {"why": _why(error)}) from error


def _read(pieces: Iterable[bytes], bytes_max: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > bytes_max:
            raise OutgoingError(_("Its answer is larger than %(size)d bytes.") % {"size": bytes_max})
    return bytes(body)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were judged, and to no socket of this machine."""

    def __init__(self, ends: float, *, may_be_private: bool) -> None:
        self._ends = ends
        self._may_be_private = may_be_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  ours is the time that is left
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host, port, _left(self._ends))
        refused = [each for each in addresses if not (self._may_be_private or is_public(each))]
        if refused:  # one is enough: whoever mixes them means the one
            raise AddressRefusedError(_("This address leads into a private network, so it is not called."))
        problem: Exception = OSError("no address")
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, _left(self._ends), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                problem = error
            else:
                return _TimedStream(stream, self._ends)
        raise problem


class _TimedStream(httpcore.NetworkStream):
    """A stream on which nothing outlasts the whole request's end, however slowly it drips."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  as above
        return self._stream.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  as above
        self._stream.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  as above
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(self._ends)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int, within_s: float) -> list[str]:
    """Every address of `host`, as the system's resolver says; it has no time limit of its own."""
    answered: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answered.put([str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except OSError as error:
            answered.put(error)
        except UnicodeError as error:
            answered.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        found = answered.get(timeout=within_s)
    except queue.Empty as error:
        raise TimeoutError from error
    if isinstance(found, OSError):
        raise found
    return list(dict.fromkeys(found))


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _is_allowed(host: str, port: int) -> bool:
    """Whether the operator named this host (or host:port) as one of their own."""
    return bool({host.lower(), f"{host.lower()}:{port}"} & set(settings.OUTGOING_HOSTS))


def _port_of(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _why(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__

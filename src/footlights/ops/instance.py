"""A whole service as a child process with its own data folder and port, for tests and measurements."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footlights.kernel.errors import FootlightsError
from footlights.ops.engines import nats
from footlights.ops.processes import child_options
from footlights.ops.up import ours

READY_WITHIN_S = 240  # a busy machine may be slow; one that does not start says so by ending
STOP_WITHIN_S = 30
OF_THE_CALLER = {
    "DATABASE_URL", "FOOTLIGHTS_STORAGE_URL", "FOOTLIGHTS_SITE_URL", "FOOTLIGHTS_RTMP_HOST", "FOOTLIGHTS_RTMPS_PORT",
    nats.URL, nats.SOCKETS, nats.PLAN,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A running service. `ready_after_s` is the time from its start to its first good answer."""

    url: str
    home: Path
    port: int
    rtmp_port: int
    process: subprocess.Popen[bytes]
    ready_after_s: float

    @property
    def rtmp_url(self) -> str:
        return f"rtmp://localhost:{self.rtmp_port}/live"

    @property
    def log(self) -> str:
        return (self.home / "service.log").read_text(errors="replace")


@contextmanager
def running(
    *,
    home: Path | None = None,
    verb: str = "up",
    settings: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
) -> Iterator[Instance]:
    """Start `footlights <verb>`, wait until it is ready, stop it at the end. Without `home` it keeps nothing."""
    with tempfile.TemporaryDirectory(prefix=".footlights-instance-") as temporary:
        folder = home or Path(temporary)
        port, rtmp_port = free_port(), free_port()
        environment = {name: value for name, value in os.environ.items() if name not in OF_THE_CALLER} | {
            "FOOTLIGHTS_HOME": str(folder),
            "FOOTLIGHTS_RTMP_PORT": str(rtmp_port),
            **(settings or {}),
        }
        started = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "service.log").open("ab") as log:
            process = subprocess.Popen(
                [*ours(verb, "--port", str(port)), *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **child_options(),
            )
        url = f"http://localhost:{port}"
        try:
            _wait_until_ready(process, url, folder)
            ready_after_s = time.monotonic() - started
            yield Instance(
                url=url, home=folder, port=port, rtmp_port=rtmp_port, process=process, ready_after_s=ready_after_s
            )
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, home: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310  our own address
                if answer.status == 200:  # noqa: PLR2004
                    return
        except (urllib.error.URLError, OSError):
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join((home / "service.log").read_text(errors="replace").splitlines()[-20:])
            raise FootlightsError(f"The service did not start:\n{tail}")
        time.sleep(0.05)

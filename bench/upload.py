"""A gigabyte by tus through the edge, against curl's PUT of the same file to a minimal server that keeps it."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

from footlights.ops.bench import Result, service
from footlights.ops.instance import Instance, free_port

SIZE_BYTES = int(os.environ.get("BENCH_UPLOAD_BYTES", str(1 << 30)))
ROUNDS = 3
MEMORY_GOAL_MIB = 64
RATIO_GOAL = 0.5
MINIMAL_SERVER = """
def app(environ, start_response):
    body = environ["wsgi.input"]
    with open("received", "wb") as file:
        while piece := body.read(1 << 20):
            file.write(piece)
    start_response("204 No Content", [])
    return []
"""


def run() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="footlights-bench-") as name, service() as instance:
        folder = Path(name)
        film = folder / "film.bin"
        with film.open("wb") as file:
            for _ in range(SIZE_BYTES >> 20):
                file.write(os.urandom(1 << 20))
        cookies = _signed_in()
        small = folder / "small.bin"
        small.write_bytes(os.urandom(32 << 20))
        _upload(instance, small, cookies)  # everything that is loaded once is loaded
        ours, peers = [], []
        with _minimal_server(folder) as peer, _memory(instance) as memory:
            for _ in range(ROUNDS):
                peers.append(_rate(lambda: _curl("-T", str(film), peer)))
                ours.append(_rate(lambda: _upload(instance, film, cookies)))
    value, peer_value = median(ours), median(peers)
    growth_mib = (max(memory) - memory[0]) / 2**20
    yield Result(
        name="upload", value=round(value, 1), unit="MB/s", peer="curl PUT to a minimal server",
        peer_value=round(peer_value, 1),
        goal=f"ratio >= {RATIO_GOAL}", holds=value >= RATIO_GOAL * peer_value, detail={"ours": ours, "peers": peers},
    )  # fmt: skip
    yield Result(
        name="upload-memory", value=round(growth_mib, 1), unit="MiB", goal=f"<= {MEMORY_GOAL_MIB}",
        holds=growth_mib <= MEMORY_GOAL_MIB,
    )  # fmt: skip


def _rate(send: Callable[[], object]) -> float:
    began = time.monotonic()
    send()
    return SIZE_BYTES / 1e6 / (time.monotonic() - began)


def _upload(instance: Instance, path: Path, cookies: list[str]) -> None:
    tus = [*cookies, "-H", "Tus-Resumable: 1.0.0"]
    answer = _curl(*tus, "-i", "-X", "POST", "-H", f"Upload-Length: {path.stat().st_size}", f"{instance.url}/uploads/")
    where = next(line.split(": ", 1)[1] for line in answer.splitlines() if line.lower().startswith("location:"))
    end = _curl(
        *tus, "-i", "-X", "PATCH", "-H", "Upload-Offset: 0", "-H", "Content-Type: application/offset+octet-stream",
        "-H", "Expect:", "-T", str(path), f"{instance.url}{where.strip()}",
    )  # fmt: skip
    if f"upload-offset: {path.stat().st_size}" not in end.lower():
        raise RuntimeError(end)


def _signed_in() -> list[str]:
    """curl's arguments for a creator's session."""
    from django.test import Client

    from footlights.accounts.testing import make_person

    client = Client()
    client.force_login(make_person())
    token = "a" * 32
    session = next(cookie for cookie in client.cookies.values() if "session" in cookie.key)
    return ["-b", f"{session.key}={session.value}; csrf={token}", "-H", f"X-CSRFToken: {token}"]


def _curl(*arguments: str) -> str:
    return subprocess.run(
        ["curl", "-sS", "--fail-with-body", *arguments], check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def _minimal_server(folder: Path) -> Iterator[str]:
    (folder / "minimal.py").write_text(MINIMAL_SERVER)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--no-access-log",
        "minimal:app",
    ]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/film"
    for _ in range(100):
        if subprocess.run(["curl", "-s", "-o", "/dev/null", url], check=False).returncode == 0:
            break
        time.sleep(0.1)
    try:
        yield url
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _memory(instance: Instance) -> Iterator[list[int]]:
    """Proportional memory of the web server and the edge: at first, then every 200 ms."""
    family = psutil.Process(instance.process.pid).children(recursive=True)
    servers = [process for process in family if _serves(process)]
    samples = [_pss(servers)]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            samples.append(_pss(servers))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        done.set()
        watcher.join()


def _serves(process: psutil.Process) -> bool:
    try:
        return process.name().startswith(("web", "uploads", "caddy"))
    except psutil.NoSuchProcess:  # a converter that has just ended
        return False


def _pss(processes: list[psutil.Process]) -> int:
    return sum(process.memory_full_info().pss for process in processes if process.is_running())

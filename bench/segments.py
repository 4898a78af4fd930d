"""How fast the edge gives out segments, against the same Caddy serving the same folder with nothing else to do.

And that it needs no Python for it: while the web processes stand still, every segment still comes.
"""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from footlights.ops.bench import Result, service
from footlights.ops.bench.load import Request, load
from footlights.ops.engines import caddy
from footlights.ops.instance import Instance, free_port

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "4"))
SEGMENTS = 24
SEGMENT_BYTES = 1_250_000  # four seconds at 2.5 Mbit/s
CONNECTIONS = 16
RATIO_GOAL = 0.9


def run() -> Iterator[Result]:
    with service() as instance:
        paths = _seed()
        folder = instance.home / "objects"
        requests = [Request(path=path) for path in paths]
        with _bare_caddy(folder) as bare:
            for url in (instance.url, bare):
                load(url, requests, seconds=1, connections=CONNECTIONS)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                theirs.append(_megabytes_per_second(bare, requests))
                ours.append(_megabytes_per_second(instance.url, requests))
        with _python_stands_still(instance):
            answered = load(instance.url, requests, seconds=SECONDS, connections=CONNECTIONS)
    rate, peer = sorted(ours)[ROUNDS // 2], sorted(theirs)[ROUNDS // 2]
    yield Result(
        name="segments",
        value=round(rate, 1),
        unit="MB/s",
        peer="the same Caddy serving the folder bare",
        peer_value=round(peer, 1),
        goal=f"ratio >= {RATIO_GOAL}",
        holds=rate >= RATIO_GOAL * peer,
        detail={"ours": [round(each) for each in ours], "bare": [round(each) for each in theirs]},
    )
    yield Result(
        name="segments-through-python",
        value=answered.errors,
        unit="requests that needed Python",
        goal="== 0",
        holds=answered.errors == 0 and len(answered.latencies_ms) > 0,
        detail={"answered_while_python_stood_still": len(answered.latencies_ms)},
    )


def _megabytes_per_second(url: str, requests: list[Request]) -> float:
    measured = load(url, requests, seconds=SECONDS, connections=CONNECTIONS)
    if measured.errors:
        raise RuntimeError(f"{measured.errors} segments did not come.")
    return measured.received_bytes / measured.seconds / 1e6


def _seed() -> list[str]:
    """Objects of a segment's size at addresses of a segment's form."""
    from footlights.kernel import storage
    from footlights.kernel.ids import new_token

    token = new_token()
    for number in range(SEGMENTS):
        storage.put(f"media/{token}/480/{number}.m4s", os.urandom(SEGMENT_BYTES), content_type="video/mp4")
    return [f"/media/{token}/480/{number}.m4s" for number in range(SEGMENTS)]


@contextmanager
def _bare_caddy(folder: Path) -> Iterator[str]:
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [caddy.binary(), "file-server", "--root", str(folder), "--listen", f"127.0.0.1:{port}"],
            env=os.environ | {"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def _python_stands_still(instance: Instance) -> Iterator[None]:
    family = psutil.Process(instance.process.pid).children(recursive=True)
    web = [process for process in family if "caddy" not in process.name() and "postgres" not in process.name()]
    for process in web:
        process.suspend()
    try:
        yield
    finally:
        for process in web:
            process.resume()

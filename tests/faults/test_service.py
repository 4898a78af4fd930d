"""What `footlights up` does when processes die, one way or another."""

import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from footlights.ops.instance import running
from footlights.ops.up import ours

pytestmark = pytest.mark.service


def family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def named(pid: int, word: str) -> psutil.Process | None:
    """Of the children that live, the one whose command says `word`."""
    for child in family(pid):
        with suppress(psutil.NoSuchProcess):
            if child.ppid() == pid and word in " ".join(child.cmdline()):
                return child
    return None


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(condition, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_crashed_processes_come_back_and_a_second_start_on_the_same_folder_is_refused():
    with running() as instance:
        pid = instance.process.pid
        second = subprocess.run(
            ours("up", "--home", str(instance.home), "--port", str(instance.port + 1)),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert second.returncode == 1
        assert f"already runs on {instance.home} (process {pid})" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

        for word in ("cli web", "uploads", "worker", "caddy", "bin/postgres"):
            victim = named(pid, word)
            victim.kill()
            assert wait_for(lambda gone=victim: not gone.is_running(), 10)
            assert wait_for(lambda word=word: named(pid, word), 30)
            assert wait_for(lambda: answers(instance.url), 60), instance.log
        assert instance.log.count("ended unexpectedly") >= 5


def test_nothing_outlives_the_service_and_its_data_does():
    with tempfile.TemporaryDirectory(prefix="footlights-") as folder:
        home = Path(folder)
        with running(home=home) as first:
            key = (home / "secrets" / "django.key").read_bytes()
            assert nothing_is_left_after(first, signal.SIGKILL)
        with running(home=home) as second:
            assert (home / "secrets" / "django.key").read_bytes() == key
            assert second.log.count("making the database") == 1
            assert nothing_is_left_after(second, signal.SIGINT)


def nothing_is_left_after(instance, number: int) -> bool:
    children = family(instance.process.pid)
    assert len(children) > 5
    os.kill(instance.process.pid, number)
    _gone, left = psutil.wait_procs(children, timeout=40)
    return left == []

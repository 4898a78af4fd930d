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
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinatePeriodicDefer

from footlights.ops.instance import free_port, running
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


def comes_back(instance, word: str) -> bool:
    """Killed, it is started again, and the service answers."""
    pid = instance.process.pid
    victim = named(pid, word)
    victim.kill()
    return (
        wait_for(lambda: not victim.is_running(), 10)
        and wait_for(lambda: named(pid, word), 30)
        and wait_for(lambda: answers(instance.url), 60)
    )


@pytest.mark.parametrize("word", ["nats", "crew", "caddy"])
def test_a_crashed_process_comes_back(service, word):
    told = service.log.count("ended unexpectedly")
    assert comes_back(service, word), service.log
    assert service.log.count("ended unexpectedly") == told + 1


def test_an_ingest_that_stands_still_is_begun_anew(service):
    stopped = named(service.process.pid, "ingest")
    stopped.suspend()
    assert wait_for(lambda: not stopped.is_running(), 30), service.log
    assert "gave no sign of life for 4 s; killed" in service.log
    assert wait_for(lambda: named(service.process.pid, "ingest"), 30)


@pytest.mark.parametrize("name", ["web", "uploads", "worker", "room"])
def test_a_member_of_the_crew_comes_back_and_the_others_go_on(service, name):
    def members():
        (crew,) = (child for child in psutil.Process(service.process.pid).children() if "crew" in child.cmdline())
        alive = {}
        for member in crew.children():
            with suppress(psutil.NoSuchProcess):  # it died between the list and the question
                alive[member.name()] = member.pid
        return alive

    assert wait_for(lambda: members().keys() == {"web", "uploads", "worker", "room"}, 30)
    before = members()
    os.kill(before[name], signal.SIGKILL)
    assert wait_for(lambda: members().get(name) not in {None, before[name]}, 30), service.log
    assert before.items() - members().items() == {(name, before[name])}
    assert f"{name} ended unexpectedly (signal 9)" in service.log
    assert wait_for(lambda: answers(service.url), 30)


def test_a_second_start_on_the_same_folder_is_refused(service):
    second = subprocess.run(
        ours("up", "--home", str(service.home), "--port", str(free_port())),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"already runs on {service.home} (process {service.process.pid})" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_the_clock_drives_the_sweeps(service):
    sweeps = {"kernel.adopt_orphans", "payments.sweep"}
    assert wait_for(lambda: sweeps <= set(ProcrastinatePeriodicDefer.objects.values_list("task_name", flat=True)), 30)
    unfinished = ProcrastinateJob.objects.filter(task_name__in=sweeps)  # what succeeded is forgotten
    assert wait_for(lambda: not unfinished.exists(), 30)


def test_a_crashed_database_comes_back_and_nothing_outlives_the_service_but_its_data():
    with tempfile.TemporaryDirectory(prefix="footlights-") as folder:
        home = Path(folder)
        with running(home=home) as first:
            key = (home / "secrets" / "django.key").read_bytes()
            assert comes_back(first, "bin/postgres"), first.log
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

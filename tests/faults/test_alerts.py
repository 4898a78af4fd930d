"""An engine that hangs is told to a receiver outside within seconds, by the running service itself."""

import json
import queue
import signal
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import psutil
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook

from footlights.accounts.testing import make_person
from footlights.alerts.api import ENGINE_DOWN_AFTER_S, add_destination, remove_destination
from footlights.alerts.models import AlertRow, DeliveryRow, WatchRow
from footlights.kernel.clock import now
from footlights.kernel.testing import serving
from footlights.ops.engines.watch import PROBE_EVERY_S, PROBE_WITHIN_S, WAKES_AFTER_S

pytestmark = pytest.mark.service
TOLD_WITHIN_S = 5.0


class Receiver:
    """Of webhooks."""

    url = ""

    def __init__(self) -> None:
        received: queue.Queue[tuple[float, dict[str, str], bytes]] = queue.Queue()
        self.received = received

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.put((time.monotonic(), {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(204)
                self.end_headers()

        self.handler = Take

    def wait_for(self, words: str, key: str, within_s: float) -> tuple[str, float]:
        """The first genuine message that holds `words`, and when it came; others may tell of something else."""
        deadline = time.monotonic() + within_s
        while True:
            at, headers, body = self.received.get(timeout=max(0.1, deadline - time.monotonic()))
            told = json.dumps(Webhook(key).verify(body, headers))
            if words in told:
                return told, at


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    with serving(one.handler) as address:
        one.url = f"{address}/"
        yield one


def test_an_engine_that_hangs_is_told_outside_within_seconds(service, receiver, settings) -> None:
    settings.OUTGOING_HOSTS = ["127.0.0.1"]
    administrator = make_person()
    place, key = add_destination(kind="webhook", name="Night shift", url=receiver.url, by_id=administrator.pk, at=now())
    [watch] = processes(service, "worker")
    time.sleep(max(0, WAKES_AFTER_S + 5 - (time.time() - watch.create_time())))  # who has just begun waits a while
    AlertRow.objects.filter(ended_at=None).update(ended_at=now())  # of other tests, which killed the edge, too
    edge = processes(service, "caddy")
    began = time.monotonic()
    for each in edge:
        each.send_signal(signal.SIGSTOP)
    try:
        told, at = receiver.wait_for(
            "edge", key, PROBE_EVERY_S + 2 * PROBE_WITHIN_S + ENGINE_DOWN_AFTER_S + TOLD_WITHIN_S
        )
    except queue.Empty:
        pytest.fail(f"nobody was told: {what_the_service_knows()}")
    finally:
        for each in edge:
            each.send_signal(signal.SIGCONT)
        remove_destination(destination_id=place.id, by_id=administrator.pk)
    assert "edge" in told
    assert at - began > ENGINE_DOWN_AFTER_S


def what_the_service_knows() -> dict[str, list[dict[str, object]]]:
    return {
        "looked": list(WatchRow.objects.values("looked_at")),
        "alerts": list(AlertRow.objects.filter(ended_at=None).values("kind", "subject", "words", "opened_at")),
        "deliveries": list(DeliveryRow.objects.filter(state="waiting").values("to", "is_mail", "problem", "tries")),
        "jobs": list(ProcrastinateJob.objects.values("queue_name", "task_name", "status", "attempts", "scheduled_at")),
    }


def processes(service, name: str) -> list[psutil.Process]:
    family = psutil.Process(service.process.pid).children(recursive=True)
    return [each for each in family if each.is_running() and each.name().startswith(name)]

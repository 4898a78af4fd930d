"""A room with thousands of viewers for the measurements of rooms: viewers in a few processes, and what carries them.

The generator counts as part of the machine: it runs beside what it measures.
"""

import json
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psutil
from _viewers import Heard, live

from footlights.ops.instance import Instance

BROKERS = 2  # a process here may open 20,000 files
SETTINGS = {"FOOTLIGHTS_NATS_SERVERS": str(BROKERS)}
PROCESSES = 2


class Crowd:
    """All viewers, in a few processes."""

    def __init__(self, addresses: Sequence[tuple[str, int]], origin: str, room: str) -> None:
        method = multiprocessing.get_context("spawn")
        self._processes, self._lines = [], []
        for _each in range(PROCESSES):
            ours, theirs = method.Pipe()
            process = method.Process(target=live, args=(theirs, addresses, origin, room), daemon=True)
            process.start()
            self._processes.append(process)
            self._lines.append(ours)

    def enter(self, people: Sequence[tuple[str, str]]) -> None:
        self._all("enter", *([people[at::PROCESSES]] for at in range(PROCESSES)))

    def say(self, messages: int, seconds: float) -> None:
        self._all("say", *([messages // PROCESSES, seconds] for _each in range(PROCESSES)))

    def begin_to_vote(self, poll: UUID, seconds: float) -> None:
        """Returns at once; what is asked next is answered when all have voted."""
        for line in self._lines:
            line.send(("vote", str(poll), seconds))

    def have_voted(self) -> None:
        for line in self._lines:
            line.recv()

    def vote(self, poll: UUID, seconds: float) -> None:
        self.begin_to_vote(poll, seconds)
        self.have_voted()

    def take(self) -> Heard:
        parts: list[Heard] = self._all("take", *([] for _each in range(PROCESSES)))
        whole = max(parts, key=lambda part: len(part.payloads))  # the first viewer of one may have been put out
        parts.remove(whole)
        for part in parts:
            whole.changes += part.changes
            whole.gaps += part.gaps
            whole.ages_ms += part.ages_ms
            whole.latencies_ms += part.latencies_ms
            whole.kept += part.kept
            whole.back_at += part.back_at
            whole.away += part.away
            whole.asked_again += part.asked_again
            for name, times in part.refused.items():
                whole.refused[name] = whole.refused.get(name, 0) + times
        return whole

    def end(self) -> None:
        for line, process in zip(self._lines, self._processes, strict=True):
            if process.is_alive():
                line.send(("end",))
            process.join(10)

    def _all(self, name: str, *arguments: Sequence[Any]) -> list[Any]:
        for line, given in zip(self._lines, arguments, strict=True):
            line.send((name, *given))
        return [line.recv() for line in self._lines]


@dataclass(frozen=True, slots=True)
class Stage:
    """A room of a running service, who looks after it, and the processes that carry it."""

    room: Any
    staff_id: UUID
    people: list[tuple[str, str]]
    brokers: list[psutil.Process]  # those that carry viewers first, then the one that keeps
    process: psutil.Process
    addresses: list[tuple[str, int]]
    origin: str
    url: str

    @contextmanager
    def crowd(self) -> Iterator[Crowd]:
        crowd = Crowd(self.addresses, self.origin, self.room.id.hex)
        try:
            yield crowd
        finally:
            crowd.end()


def set_stage(instance: Instance, viewers: int) -> Stage:
    """A channel's room, and `viewers` people with a token each. Needs Django set up on the service's database."""
    from footlights.accounts.testing import make_person
    from footlights.catalog.testing import make_channel
    from footlights.engagement.api import open_room
    from footlights.engagement.testing import make_viewer
    from footlights.kernel import environment
    from footlights.kernel.clock import now

    owner, at = make_person(), now()
    channel = make_channel(owner)
    room = open_room(subject=f"channel:{channel.id}", channel_id=channel.id, by_id=None, at=at)
    configs = [json.loads(path.read_text()) for path in sorted(environment.load().run.glob("nats*.conf"))]
    carriers = [config for config in configs if "websocket" in config]
    addresses = [config["websocket"]["listen"].rpartition(":") for config in carriers]
    names = [config["server_name"] for config in carriers + [each for each in configs if each not in carriers]]
    family = psutil.Process(instance.process.pid).children(recursive=True)
    servers = {
        process.cmdline()[-1].rpartition("/")[2]: process for process in family if process.name() == "nats-server"
    }
    return Stage(
        room=room,
        staff_id=make_viewer(room, owner),
        people=make_people(room, viewers),
        brokers=[servers[f"{name}.conf"] for name in names],
        process=next(process for process in family if process.name() == "room"),
        addresses=[(host, int(port)) for host, _colon, port in addresses],
        origin=carriers[0]["websocket"]["allowed_origins"][0],
        url=",".join(f"nats://{config['listen']}" for config in carriers),
    )


def make_people(room: Any, viewers: int) -> list[tuple[str, str]]:
    from footlights.engagement import subjects
    from footlights.engagement.adapters.tokens import viewer_token
    from footlights.engagement.models import ViewerRow
    from footlights.kernel.clock import now
    from footlights.kernel.ids import new_id

    at = now()
    rows = ViewerRow.objects.bulk_create(
        ViewerRow(room_id=room.id, person_id=new_id(), created_at=at) for _each in range(viewers)
    )
    kinds = subjects.PERSON_KINDS
    return [(row.pk.hex, viewer_token(room_id=room.id, viewer_id=row.pk, kinds=kinds, at=at)) for row in rows]


def cpu_s(*processes: psutil.Process) -> float:
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))

"""A room with thousands of viewers for the measurements of rooms: each a WebSocket with a token of its own.

The generator counts as part of the machine: it runs beside what it measures. It speaks as much of the NATS protocol as
it needs, and reads the times of messages at a sample of viewers alone, so that it costs little.
"""

import json
import multiprocessing
import re
import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import psutil

from footlights.ops.instance import Instance

SAMPLE = 20  # one viewer in so many reads when a message was sent
PROCESSES = 2
CHANGE = re.compile(rb'\{"v":(\d+)')
SENT = re.compile(rb'"text":"at (\d+)"')
HANDSHAKE_BYTES_MAX = 4_096
RECEIVE_BYTES = 1 << 16


@dataclass
class Heard:
    """What the viewers of one process heard since they were asked last."""

    changes: list[int] = field(default_factory=list)  # of each viewer
    gaps: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    kept: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    payloads: list[tuple[float, bytes]] = field(default_factory=list)  # of the first viewer: when, and what


class _Viewer:
    def __init__(self, number: int, room: str, name: str, line: socket.socket) -> None:
        self.number, self.room, self.name, self.line = number, room, name, line
        self.frames, self.words = bytearray(), bytearray()
        self.changes, self.version = 0, 0

    def publish(self, kind: str, body: bytes) -> None:
        self.send(f"PUB room.{self.room}.{kind}.{self.name} {len(body)}\r\n".encode() + body + b"\r\n")

    def send(self, words: bytes) -> None:
        """A masked frame; the mask is nothing, which leaves the words as they are."""
        length = len(words)
        head = bytes([0x82, 0x80 | length]) if length < 126 else b"\x82\xfe" + length.to_bytes(2, "big")
        self.line.sendall(head + b"\0\0\0\0" + words)


class _Audience:
    """The viewers of one process."""

    def __init__(self, address: tuple[str, int], origin: str, room: str) -> None:
        self._address, self._origin, self._room = address, origin, room
        self._poll = select.epoll()
        self._viewers: dict[int, _Viewer] = {}
        self._heard = Heard()

    def enter(self, people: Sequence[tuple[str, str]]) -> None:
        for number, (name, token) in enumerate(people):
            line = socket.create_connection(self._address, timeout=30)
            line.sendall(
                f"GET / HTTP/1.1\r\nHost: {self._address[0]}:{self._address[1]}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nOrigin: {self._origin}\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            answer = b""
            while b"\r\n\r\n" not in answer and len(answer) < HANDSHAKE_BYTES_MAX:
                answer += line.recv(1_024)
            if b" 101 " not in answer:
                raise RuntimeError(f"The broker did not open a WebSocket: {answer[:80]!r}")
            viewer = _Viewer(number, self._room, name, line)
            viewer.frames += answer.partition(b"\r\n\r\n")[2]
            words = json.dumps(
                {"jwt": token, "sig": "", "verbose": False, "pedantic": False, "lang": "bench", "version": "1"}
            )
            viewer.send(f"CONNECT {words}\r\n".encode())
            viewer.send(f"SUB room.{self._room}.feed 1\r\nSUB room.{self._room}.to.{name} 2\r\nPING\r\n".encode())
            line.setblocking(False)
            self._viewers[line.fileno()] = viewer
            self._poll.register(line.fileno(), select.EPOLLIN)

    def listen(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for number, _event in self._poll.poll(left, 1_024):
                self._read(self._viewers[number])

    def say(self, count: int, seconds: float) -> None:
        """`count` messages of as many viewers, spread evenly; each says when it was sent."""
        everybody = list(self._viewers.values())
        began = time.monotonic()
        for number in range(count):
            self.listen(max(0.0005, began + number * seconds / count - time.monotonic()))
            viewer = everybody[number * 7 % len(everybody)]
            body = f'{{"key":"bench-{viewer.number}-{number:06}","text":"at {time.monotonic_ns()}"}}'
            viewer.publish("say", body.encode())

    def vote(self, poll: str, seconds: float) -> None:
        """Everybody, within that time, for one of three."""
        everybody = list(self._viewers.values())
        began = time.monotonic()
        for number, viewer in enumerate(everybody):
            if number % 20 == 0:
                self.listen(max(0.0005, began + number * seconds / len(everybody) - time.monotonic()))
            viewer.publish("vote", f'{{"key":"bench-vote","poll":"{poll}","choices":[{viewer.number % 3}]}}'.encode())

    def take(self) -> Heard:
        heard, self._heard = self._heard, Heard()
        heard.changes = [viewer.changes for viewer in self._viewers.values()]
        for viewer in self._viewers.values():
            viewer.changes = 0
        return heard

    def _read(self, viewer: _Viewer) -> None:
        try:
            data = viewer.line.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        if not data:
            raise RuntimeError("The broker put a viewer out.")
        viewer.frames += data
        frames, words = viewer.frames, viewer.words
        while len(frames) >= 2:
            length, head = frames[1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(frames[2:4], "big"), 4
            elif length == 127:
                length, head = int.from_bytes(frames[2:10], "big"), 10
            if len(frames) < head + length:
                break
            words += frames[head : head + length]
            del frames[: head + length]
        self._understand(viewer, words)

    def _understand(self, viewer: _Viewer, words: bytearray) -> None:
        while (end := words.find(b"\r\n")) >= 0:
            if words.startswith(b"MSG "):
                parts = bytes(words[:end]).split()
                size = int(parts[-1])
                if len(words) < end + 4 + size:
                    return
                self._hear(viewer, parts[2], bytes(words[end + 2 : end + 2 + size]))
                del words[: end + 4 + size]
                continue
            if words.startswith(b"PING"):
                viewer.send(b"PONG\r\n")
            elif words.startswith(b"-ERR"):
                raise RuntimeError(bytes(words[:end]).decode())
            del words[: end + 2]

    def _hear(self, viewer: _Viewer, subscription: bytes, body: bytes) -> None:
        if subscription == b"2":
            refused = json.loads(body).get("refused", "")
            if refused:
                self._heard.refused[refused] = self._heard.refused.get(refused, 0) + 1
            else:
                self._heard.kept += 1
        elif change := CHANGE.match(body):
            version = int(change[1])
            self._heard.gaps += bool(viewer.version and version != viewer.version + 1)
            viewer.version = version
            viewer.changes += 1
            if viewer.number % SAMPLE == 0:
                now = time.monotonic_ns()
                self._heard.latencies_ms += [(now - int(sent)) / 1e6 for sent in SENT.findall(body)]
            if viewer.number == 0:
                self._heard.payloads.append((time.monotonic(), body))


def _work(line: Connection, address: tuple[str, int], origin: str, room: str) -> None:
    audience = _Audience(address, origin, room)
    while True:
        while not line.poll(0):
            audience.listen(0.05)
        name, *arguments = line.recv()
        if name == "end":
            return
        line.send(getattr(audience, name)(*arguments))


class Crowd:
    """All viewers, in a few processes."""

    def __init__(self, address: tuple[str, int], origin: str, room: str) -> None:
        method = multiprocessing.get_context("spawn")
        self._processes, self._lines = [], []
        for _each in range(PROCESSES):
            ours, theirs = method.Pipe()
            process = method.Process(target=_work, args=(theirs, address, origin, room), daemon=True)
            process.start()
            self._processes.append(process)
            self._lines.append(ours)

    def enter(self, people: Sequence[tuple[str, str]]) -> None:
        self._all("enter", *([people[at::PROCESSES]] for at in range(PROCESSES)))

    def say(self, count: int, seconds: float) -> None:
        self._all("say", *([count // PROCESSES, seconds] for _each in range(PROCESSES)))

    def vote(self, poll: UUID, seconds: float) -> None:
        self._all("vote", *([str(poll), seconds] for _each in range(PROCESSES)))

    def take(self) -> Heard:
        parts: list[Heard] = self._all("take", *([] for _each in range(PROCESSES)))
        whole = parts[0]
        for part in parts[1:]:
            whole.changes += part.changes
            whole.gaps += part.gaps
            whole.latencies_ms += part.latencies_ms
            whole.kept += part.kept
            for name, count in part.refused.items():
                whole.refused[name] = whole.refused.get(name, 0) + count
        return whole

    def end(self) -> None:
        for line, process in zip(self._lines, self._processes, strict=True):
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
    broker: psutil.Process
    process: psutil.Process
    address: tuple[str, int]
    origin: str
    url: str

    @contextmanager
    def crowd(self) -> Iterator[Crowd]:
        crowd = Crowd(self.address, self.origin, self.room.id.hex)
        try:
            yield crowd
        finally:
            crowd.end()


def set_stage(instance: Instance, viewers: int) -> Stage:
    """A channel's room, and `viewers` people with a token each. Needs Django set up on the service's database."""
    from footlights.accounts.testing import make_person
    from footlights.catalog.testing import make_channel
    from footlights.engagement import subjects
    from footlights.engagement.adapters.tokens import viewer_token
    from footlights.engagement.api import open_room
    from footlights.engagement.models import ViewerRow
    from footlights.engagement.testing import make_viewer
    from footlights.kernel import environment
    from footlights.kernel.clock import now
    from footlights.kernel.ids import new_id

    owner, at = make_person(), now()
    channel = make_channel(owner)
    room = open_room(subject=f"channel:{channel.id}", channel_id=channel.id, by_id=None, at=at)
    rows = ViewerRow.objects.bulk_create(
        ViewerRow(room_id=room.id, person_id=new_id(), created_at=at) for _each in range(viewers)
    )
    kinds = subjects.PERSON_KINDS
    config = json.loads((environment.load().run / "nats.conf").read_text())
    host, _, port = config["websocket"]["listen"].rpartition(":")
    return Stage(
        room=room,
        staff_id=make_viewer(room, owner),
        people=[(row.pk.hex, viewer_token(room_id=room.id, viewer_id=row.pk, kinds=kinds, at=at)) for row in rows],
        broker=_child(instance, "nats-server"),
        process=_child(instance, "room"),
        address=(host, int(port)),
        origin=config["websocket"]["allowed_origins"][0],
        url=f"nats://{config['listen']}",
    )


def _child(instance: Instance, name: str) -> psutil.Process:
    family = psutil.Process(instance.process.pid).children(recursive=True)
    return next(process for process in family if process.name() == name)

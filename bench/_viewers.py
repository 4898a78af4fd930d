"""Viewers of a live room for measurements, many in one process: each a WebSocket with a token of its own.

They speak as much of the NATS protocol as they need, and do what the page's script does: come back when they are put
out, ask for the room as it is, send again what nobody answered. The times of messages are read at a sample of viewers
alone, so that they cost little: they run beside what is measured.
"""

import heapq
import json
import random
import re
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from multiprocessing.connection import Connection

SAMPLE = 20  # one viewer in so many reads when a message was sent
CHANGE = re.compile(rb'\{"v":(\d+)')
TAKEN = re.compile(rb'"text":"at \d+","at":"([^"]+)"')
SENT = re.compile(rb'"text":"at (\d+)"')
ALONE = re.compile(rb'.{2,10}?MSG \S+ 1 (\d+)\r\n\{"v":(\d+)', re.DOTALL)  # a frame with a change and nothing else
CONNECT = b'CONNECT {"jwt":"%b","sig":"","verbose":false,"pedantic":false,"lang":"bench","version":"1"}\r\nPING\r\n'
RECEIVE_BYTES = 1 << 16
AT_ONCE = 200  # so many come in at once, at first
AGAIN_S, JITTER_S = 2.0, 2.0  # as in the page's script
ANSWER_WITHIN_S = 2.5
WHOLE_AGAIN_S = 1.2


@dataclass
class Heard:
    """What the viewers of one process heard since they were asked last."""

    changes: list[int] = field(default_factory=list)  # of each viewer
    gaps: int = 0
    latencies_ms: list[float] = field(default_factory=list)  # from sent to read by another
    ages_ms: list[float] = field(default_factory=list)  # of a change: from when the room took what is newest in it
    kept: int = 0  # viewers who were answered for the first time that what they said is kept
    refused: dict[str, int] = field(default_factory=dict)
    payloads: list[tuple[float, bytes]] = field(default_factory=list)  # of the first viewer: when, and what
    back_at: list[float] = field(default_factory=list)  # when each who was put out had the room again
    asked_again: int = 0  # how often one who came back was refused: the page's script asks for another token then
    away: int = 0  # viewers who are out at this moment


class _Viewer:
    def __init__(self, number: int, room: str, name: str, token: str, broker: int) -> None:
        self.number, self.room, self.name, self.token, self.broker = number, room, name, token, broker
        self.line: socket.socket | None = None
        self.is_open = self.is_in = False
        self.was_in = self.is_answered = False
        self.frames, self.words = bytearray(), bytearray()
        self.changes, self.version = 0, 0
        self.says: tuple[str, bytes] | None = None  # again until it is answered

    def publish(self, kind: str, body: bytes) -> None:
        """Nothing while the WebSocket is not there yet: a broker refuses whoever speaks before it answered."""
        if not self.is_open:
            return
        self.send(f"PUB room.{self.room}.{kind}.{self.name} {len(body)}\r\n".encode() + body + b"\r\n")

    def send(self, words: bytes) -> None:
        """A masked frame; the mask is nothing, which leaves the words as they are."""
        if self.line is None:
            return
        length = len(words)
        head = bytes([0x82, 0x80 | length]) if length < 126 else b"\x82\xfe" + length.to_bytes(2, "big")
        try:
            self.line.sendall(head + b"\0\0\0\0" + words)
        except OSError:
            return  # what ended is read as ended


class _Audience:
    """The viewers of one process."""

    def __init__(self, addresses: Sequence[tuple[str, int]], origin: str, room: str) -> None:
        self._addresses, self._origin, self._room = addresses, origin, room
        self._poll = select.epoll()
        self._viewers: dict[int, _Viewer] = {}
        self._all: list[_Viewer] = []
        self._heard = Heard()
        self._due: list[tuple[float, int, str, _Viewer]] = []
        self._number = count()
        self._in = 0
        self._usual, self._usual_version = b"", 0  # what came last that was one change and nothing else

    def enter(self, people: Sequence[tuple[str, str]]) -> None:
        """Returns once all are in."""
        fresh = [
            _Viewer(len(self._all) + at, self._room, name, token, at % len(self._addresses))
            for at, (name, token) in enumerate(people)
        ]
        self._all += fresh
        for at, viewer in enumerate(fresh):
            self._connect(viewer)
            while len(self._all) - len(fresh) + at + 1 - self._in > AT_ONCE:
                self.listen(0.01)
        while self._in < len(self._all):
            self.listen(0.02)

    def listen(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._do_what_is_due()
            wait = min(left, max(0.0005, self._due[0][0] - time.monotonic())) if self._due else left
            for number, _event in self._poll.poll(wait, 1_024):
                self._read(self._viewers[number])

    def say(self, messages: int, seconds: float) -> None:
        """`messages` of as many viewers, spread evenly; each says when it was sent."""
        began = time.monotonic()
        for number in range(messages):
            self.listen(max(0.0005, began + number * seconds / messages - time.monotonic()))
            viewer = self._all[number * 7 % len(self._all)]
            viewer.says = None
            body = f'{{"key":"bench-{next(self._number):08}","text":"at {time.monotonic_ns()}"}}'
            viewer.publish("say", body.encode())

    def vote(self, poll: str, seconds: float) -> None:
        """Everybody, within that time, for one of three; again until it is answered."""
        began = time.monotonic()
        for viewer in self._all:
            viewer.is_answered = False
        for number, viewer in enumerate(self._all):
            if number % 20 == 0:
                self.listen(max(0.0005, began + number * seconds / len(self._all) - time.monotonic()))
            vote = f'{{"key":"bench-vote","poll":"{poll}","choices":[{viewer.number % 3}]}}'
            viewer.says = ("vote", vote.encode())
            self._say_again(viewer)

    def take(self) -> Heard:
        heard, self._heard = self._heard, Heard()
        heard.changes = [viewer.changes for viewer in self._all]
        heard.away = len(self._all) - self._in
        for viewer in self._all:
            viewer.changes = 0
        return heard

    def _connect(self, viewer: _Viewer) -> None:
        """As the edge does: to the broker whose turn it is, to another one when nobody is there."""
        for turn in range(len(self._addresses)):
            line = socket.socket()
            line.settimeout(30)
            try:
                line.connect(self._addresses[(viewer.broker + turn) % len(self._addresses)])
            except OSError:
                line.close()
                continue
            break
        else:
            self._later(AGAIN_S + random.random() * JITTER_S, "connect", viewer)
            return
        viewer.line, viewer.is_open = line, False
        viewer.frames.clear()
        viewer.words.clear()
        line.sendall(
            f"GET / HTTP/1.1\r\nHost: {self._addresses[0][0]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Origin: {self._origin}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        line.setblocking(False)
        self._viewers[line.fileno()] = viewer
        self._poll.register(line.fileno(), select.EPOLLIN)

    def _lose(self, viewer: _Viewer) -> None:
        """Out, or never in: again at once when it was in, and after a while when not, as the library does."""
        if viewer.line is not None:
            self._poll.unregister(viewer.line.fileno())
            del self._viewers[viewer.line.fileno()]
            viewer.line.close()
            viewer.line, viewer.is_open = None, False
        viewer.broker = random.randrange(len(self._addresses))
        self._later(0 if viewer.is_in else AGAIN_S + random.random() * JITTER_S, "connect", viewer)
        self._in -= viewer.is_in
        viewer.is_in = False

    def _later(self, seconds: float, what: str, viewer: _Viewer) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._number), what, viewer))

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        for _each in range(20):
            if not self._due or self._due[0][0] > now:
                return
            _at, _number, what, viewer = heapq.heappop(self._due)
            if what == "connect":
                self._connect(viewer)
            elif what == "say" and not viewer.is_answered:
                self._say_again(viewer)
            elif what == "whole" and viewer.line is not None and not viewer.is_in:
                viewer.publish("whole", b"")
                self._later(WHOLE_AGAIN_S, "whole", viewer)

    def _say_again(self, viewer: _Viewer) -> None:
        if viewer.says is not None:
            viewer.publish(*viewer.says)
            self._later(ANSWER_WITHIN_S, "say", viewer)

    def _read(self, viewer: _Viewer) -> None:
        if viewer.line is None:
            return
        try:
            data = viewer.line.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose(viewer)
            return
        if not viewer.frames and not viewer.words and viewer.number % SAMPLE and self._is_next(viewer, data):
            return
        viewer.frames += data
        if viewer.is_open or self._open(viewer):
            self._unpack(viewer)

    def _unpack(self, viewer: _Viewer) -> None:
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

    def _is_next(self, viewer: _Viewer, data: bytes) -> bool:
        """The usual case, quickly: what came is one whole frame with the next change, the same for everybody."""
        if data != self._usual:
            found = ALONE.match(data)
            if found is None or found.end(1) + 4 + int(found[1]) != len(data):
                return False
            self._usual, self._usual_version = data, int(found[2])
        if viewer.version + 1 != self._usual_version:
            return False
        viewer.version += 1
        viewer.changes += 1
        return True

    def _open(self, viewer: _Viewer) -> bool:
        """The WebSocket is there: show the token, and ask whether it is good."""
        answer, end, rest = viewer.frames.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in answer:
            raise RuntimeError(f"The broker did not open a WebSocket: {bytes(answer[:80])!r}")
        viewer.frames[:] = rest
        viewer.is_open = True
        viewer.send(CONNECT % viewer.token.encode())
        return True

    def _listen(self, viewer: _Viewer) -> None:
        """The token is good: hear the room. Whoever was away asks for all of it, and is in once it came."""
        room, name = viewer.room, viewer.name
        viewer.send(f"SUB room.{room}.feed 1\r\nSUB room.{room}.to.{name} 2\r\n".encode())
        if viewer.was_in:
            viewer.send(f"SUB room.{room}.whole 3\r\nPUB room.{room}.whole.{name} 0\r\n\r\n".encode())
            self._later(WHOLE_AGAIN_S, "whole", viewer)
            return
        viewer.was_in = True
        self._came(viewer)

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
            elif words.startswith(b"PONG"):
                self._listen(viewer)
            elif words.startswith(b"-ERR"):
                if viewer.is_in or not viewer.was_in:
                    raise RuntimeError(bytes(words[:end]).decode())
                self._heard.asked_again += 1
                self._lose(viewer)
                return
            del words[: end + 2]

    def _came(self, viewer: _Viewer) -> None:
        viewer.is_in = True
        self._in += 1

    def _hear(self, viewer: _Viewer, subscription: bytes, body: bytes) -> None:
        if subscription == b"3":
            if not viewer.is_in:
                viewer.send(b"UNSUB 3\r\n")
                viewer.version = int(CHANGE.match(body)[1])  # type: ignore[index]
                self._came(viewer)
                self._heard.back_at.append(time.monotonic())
        elif subscription == b"2":
            refused = json.loads(body).get("refused", "")
            if refused:
                self._heard.refused[refused] = self._heard.refused.get(refused, 0) + 1
            else:
                self._heard.kept += viewer.says is None or not viewer.is_answered
            viewer.is_answered = True
        elif change := CHANGE.match(body):
            version = int(change[1])
            self._heard.gaps += bool(viewer.is_in and viewer.version and version > viewer.version + 1)
            viewer.version = max(version, viewer.version)
            viewer.changes += 1
            if viewer.number % SAMPLE == 0:
                now = time.monotonic_ns()
                if taken := TAKEN.findall(body):
                    taken_at = datetime.fromisoformat(taken[-1].decode())
                    self._heard.ages_ms.append((time.time() - taken_at.timestamp()) * 1_000)
                self._heard.latencies_ms += [(now - int(sent)) / 1e6 for sent in SENT.findall(body)]
            if viewer.number == 0:
                self._heard.payloads.append((time.monotonic(), body))


def live(line: Connection, addresses: Sequence[tuple[str, int]], origin: str, room: str) -> None:
    audience = _Audience(addresses, origin, room)
    while True:
        while not line.poll(0):
            audience.listen(0.05)
        name, *arguments = line.recv()
        if name == "end":
            return
        line.send(getattr(audience, name)(*arguments))

"""What the senders of one broadcast send, and which of them is shown. The rules are in docs/reference/live.md.

Of each sender the last seconds are kept, from a key frame on, so that a run begins where the one before it ended,
whoever it was that sent it.
"""

from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from footlights.ingest import flv
from footlights.ingest.health import Health
from footlights.ingest.passthrough import Passthrough
from footlights.ingest.rtmp.chunks import AUDIO, DATA, VIDEO, Message

SILENT_S = 1.0  # without a picture for so long, another sender is shown
BACK_AFTER_S = 10.0  # of steady pictures the main sender is shown again
KEPT_S = 6.0
KEPT_BYTES = 16 << 20
SOUND_WITHIN_MS = 1_000  # of the first picture; a sender without any gets silence


class Seat(StrEnum):
    """To which of a broadcast's two addresses somebody sends."""

    MAIN = "main"
    BACKUP = "backup"


class Sender(Protocol):
    def media(self) -> AsyncIterator[Message]: ...
    async def close(self) -> None: ...


@dataclass(slots=True)
class Incoming:
    """One sender. Moments are seconds of the monotonic clock; `heard_at` is that of the latest picture."""

    sender: Sender
    seat: Seat
    heard_at: float
    steady_since: float = field(init=False)
    health: Health = field(default_factory=Health)
    preamble: flv.Preamble = field(default_factory=flv.Preamble)
    passthrough: Passthrough = field(default_factory=Passthrough)
    _kept: deque[tuple[float, Message]] = field(default_factory=deque)
    _keys: deque[float] = field(default_factory=deque)  # when each key frame among them came
    _kept_bytes: int = 0

    def __post_init__(self) -> None:
        self.steady_since = self.heard_at

    def note(self, message: Message, at: float) -> bool:
        """Keep it; whether it makes what came before useless, as a decoder needs to be set up anew."""
        self.health.note(message)
        self.passthrough.note(message)
        is_setup = message.kind == DATA or flv.sets_up(message)
        if (message.kind == VIDEO and not is_setup) or not self.preamble.has_picture:
            if at - self.heard_at > SILENT_S:
                self.steady_since = at
            self.heard_at = at
        is_new = self.preamble.note(message)
        if is_new:
            self.forget()
        if not is_setup:
            self._keep(message, at)
        return is_new

    def forget(self) -> None:
        """Begin again with the next key frame."""
        self._kept.clear()
        self._keys.clear()
        self._kept_bytes = 0

    @property
    def is_ready(self) -> bool:
        """Whether a run can begin: with a whole picture, and what its decoder needs. Sound may be late."""
        if not self._kept:
            return False
        if self.preamble.has_sound:
            return self.preamble.audio is not None or any(each.kind == AUDIO for _at, each in self._kept)
        return self._kept[-1][1].at_ms - self._kept[0][1].at_ms >= SOUND_WITHIN_MS

    def since(self, moment: float) -> tuple[list[Message], float, float]:
        """For a run that shows everything after `moment`, or all that is kept.

        Messages from a key frame on; how many seconds of them are not to be shown; when the first that is shown came.
        """
        begin = max((key for key in self._keys if key <= moment), default=self._keys[0])
        taken = [(at, message) for at, message in self._kept if at >= begin]
        first_at, first = next(((at, each) for at, each in taken if at > moment), taken[-1])
        skip_s = max(0.0, (first.at_ms - taken[0][1].at_ms) / 1000) if begin <= moment else 0.0
        return [message for _at, message in taken], min(skip_s, KEPT_S), first_at

    def _keep(self, message: Message, at: float) -> None:
        if flv.is_key_frame(message):
            self._keys.append(at)
        elif not self._keys:
            return
        self._kept.append((at, message))
        self._kept_bytes += len(message.body)
        while self._keys and (self._kept_bytes > KEPT_BYTES or (len(self._keys) > 1 and self._keys[1] < at - KEPT_S)):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Everything up to the second key frame; everything, where there is none."""
        self._keys.popleft()
        until = self._keys[0] if self._keys else float("inf")
        while self._kept and self._kept[0][0] < until:
            self._kept_bytes -= len(self._kept.popleft()[1].body)


def choose(shown: Seat | None, incoming: Mapping[Seat, Incoming], at: float) -> Seat | None:
    """Who is to be shown.

    The main sender wins; the backup is shown as soon as the main one falls silent, and until that was steady for
    BACK_AFTER_S. Whoever is alone stays, silent or not.
    """
    heard = {seat for seat, each in incoming.items() if at - each.heard_at <= SILENT_S}
    if shown is None and Seat.MAIN in heard:
        return Seat.MAIN
    alive = {seat for seat in heard if incoming[seat].is_ready}
    if shown is Seat.BACKUP and shown in alive and Seat.MAIN in alive:
        is_steady = at - incoming[Seat.MAIN].steady_since >= BACK_AFTER_S
        return Seat.MAIN if is_steady else Seat.BACKUP
    for seat in Seat:
        if seat in alive:
            return seat
    return shown if shown in incoming else next((seat for seat in Seat if seat in incoming), None)

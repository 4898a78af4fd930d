"""How soon viewers see what is sent: what a creator chooses, and what follows from it at every step of the way."""

from dataclasses import dataclass
from enum import StrEnum


class Latency(StrEnum):
    STANDARD = "standard"  # steady whatever the viewer's connection
    LOW = "low"  # soon enough to talk with each other

    @property
    def pace(self) -> "Pace":
        return _PACES[self]


@dataclass(frozen=True, slots=True)
class Pace:
    """`delay_s`: how far behind the newest piece a player begins; `window_s`: how far back viewers may go."""

    segment_s: int
    delay_s: float
    buffer_s: float
    update_every_s: float  # how often players ask for the manifest
    window_s: int
    look_every_s: float  # how often the ingest looks whether a piece is out
    block_bytes: int  # the packager waits for so many
    gather_s: float  # what a sender sends within so long is read together


_PACES = {
    # A quarter of a second of sound a block, where the packager's own 64 KiB were four.
    Latency.STANDARD: Pace(
        segment_s=2,
        delay_s=5,
        buffer_s=2,
        update_every_s=1,
        window_s=4 * 3600,
        look_every_s=0.5,
        block_bytes=4096,
        gather_s=0.1,
    ),
    # Players read the manifest four times a second, so it is kept small.
    Latency.LOW: Pace(
        segment_s=1,
        delay_s=1.5,
        buffer_s=0.5,
        update_every_s=0.25,
        window_s=1800,
        look_every_s=0.1,
        block_bytes=1024,
        gather_s=0,
    ),
}

"""How what a sender sends is doing: counted as it comes, told at each beat."""

import time
from dataclasses import dataclass, field

from footlights.ingest import flv
from footlights.ingest.rtmp import amf
from footlights.ingest.rtmp.chunks import AUDIO, DATA, VIDEO, Message


@dataclass(slots=True)
class Health:
    """Between two beats. Sizes and rates are what arrived, not what the sender says of itself."""

    since: float = field(default_factory=time.monotonic)
    heard_at: float = 0.0
    size_bytes: int = 0
    frames: int = 0
    sounds: int = 0
    key_at_ms: int | None = None
    key_every_ms: int | None = None
    said: dict[str, float] = field(default_factory=dict)

    def note(self, message: Message) -> None:
        self.heard_at = time.monotonic()
        self.size_bytes += len(message.body)
        if message.kind == VIDEO:
            self.frames += not flv.sets_up(message)
            if flv.is_key_frame(message):
                if self.key_at_ms is not None:
                    self.key_every_ms = max(0, message.at_ms - self.key_at_ms)
                self.key_at_ms = message.at_ms
        elif message.kind == AUDIO:
            self.sounds += 1
        elif message.kind == DATA:
            self.said = _said(message)

    def tell(self) -> dict[str, float | int | None]:
        """What to tell of the time since the last telling; begins to count anew."""
        now = time.monotonic()
        for_s = max(0.001, now - self.since)
        told = {
            "bitrate_bps": round(self.size_bytes * 8 / for_s),
            "frames_per_s": round(self.frames / for_s, 1),
            "has_sound": int(self.sounds > 0),
            "key_every_ms": self.key_every_ms,
            "width": self.said.get("width"),
            "height": self.said.get("height"),
        }
        self.since, self.size_bytes, self.frames, self.sounds = now, 0, 0, 0
        return told


def _said(message: Message) -> dict[str, float]:
    """The numbers an encoder tells of itself (onMetaData)."""
    for value in amf.decode(message.body):
        if isinstance(value, dict):
            return {name: each for name, each in value.items() if isinstance(each, float)}
    return {}

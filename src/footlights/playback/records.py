"""What playback tells others: frozen facts of ids, times in milliseconds and addresses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from footlights.media.api import Captions


@dataclass(frozen=True, slots=True)
class WatchSession:
    """One player, about to play one title: all it needs but the address of the licence, which is the web's."""

    id: UUID
    title_id: UUID
    token: str
    dash_url: str
    hls_url: str
    heights: tuple[int, ...]
    storyboard_url: str | None
    captions: tuple[Captions, ...]
    resume_at_ms: int
    duration_ms: int
    audio_only: bool
    still_processing: bool  # the best qualities are still being made
    displaced_device: str | None  # the screen that was stopped to make room


@dataclass(frozen=True, slots=True)
class BeatAnswer:
    """What the service says to a beat. `stop` is a stable reason; `token` replaces the player's when it is not None."""

    stop: str | None = None
    message: str | None = None
    device: str | None = None  # which other screen took over
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is in a title."""

    title_id: UUID
    position_ms: int
    duration_ms: int
    at: datetime
    finished: bool = False

    @property
    def is_at_start(self) -> bool:
        return not self.position_ms

    @property
    def fraction(self) -> float:
        """0 at the start, 1 at the end."""
        return min(1.0, self.position_ms / self.duration_ms) if self.duration_ms else 0.0

    @property
    def percent(self) -> int:
        return round(self.fraction * 100)


@dataclass(frozen=True, slots=True)
class ScreenTime:
    """How long somebody played a title on one kind of device, and when they did so first and last."""

    title_id: UUID
    device: str
    screens: int
    watched_ms: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class EmbedPolicy:
    """On which other websites a channel's player may appear. Our own site always may."""

    channel_id: UUID
    anywhere: bool = False
    domains: tuple[str, ...] = ()

    @property
    def frame_ancestors(self) -> list[str]:
        """The sources of the Content-Security-Policy directive of that name, besides 'self'."""
        if self.anywhere:
            return ["https:", "http:"]
        return [source for domain in self.domains for source in (f"https://{domain}", f"https://*.{domain}")]

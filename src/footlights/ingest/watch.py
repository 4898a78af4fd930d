"""Whether a run does what it should: what its programs tell, and what they write.

Pure: moments are seconds of the monotonic clock. The picture and the sound are looked at by the ffmpeg that decodes
them anyway, the picture in its smallest rendition (ladder.encode).
"""

from contextlib import suppress
from dataclasses import dataclass, field

STALLED_S = 3.5  # without any progress
# So much more than a whole segment is encoded and not out: a second in which it should have come. Not more, for with a
# packager that stands still the encoder does too, as soon as four seconds of sound fill the pipe between them.
HELD_BACK_S = 1.0
FIRST_S = 10.0  # a run that begins is given so long
BEHIND_S = 3.0  # what came and is not encoded; a second of it is on its way
SLOW_FOR_S = 4.0  # so long that far behind: the machine is too slow for it
SILENT_DB = -60.0
_ENCODED, _LEVEL = "out_time_us", "lavfi.astats.Overall.RMS_level"
_FREEZE, _THAW = "lavfi.freezedetect.freeze_start", "lavfi.freezedetect.freeze_end"
FROZEN_AFTER_S = 2.0  # as ladder.encode asks


@dataclass(slots=True)
class Watch:
    """One run's. `first_at`: when its first picture came; `begun_at`: when its programs did; `fed_s`: how much came."""

    first_at: float
    begun_at: float
    segment_s: int = 2
    fed_s: float = 0.0
    encoded_s: float = 0.0
    published_s: float = 0.0
    level_db: float | None = None
    _encoded_at: float = field(init=False)
    _published_at: float = field(init=False)
    _silent_since: float | None = None
    _frozen_since: float | None = None
    _slow_since: float | None = None

    def __post_init__(self) -> None:
        self._encoded_at = self._published_at = self.begun_at

    def hear(self, line: str, at: float) -> None:
        """One line of ffmpeg's."""
        name, _, value = line.partition("=")
        with suppress(ValueError):  # "N/A" at first
            if name == _ENCODED:
                self._note_encoded(int(value) / 1e6, at)
            elif name == _LEVEL:
                self._note_level(float(value), at)
            elif name == _FREEZE:
                self._frozen_since = at - FROZEN_AFTER_S
            elif name == _THAW:
                self._frozen_since = None

    def look(self, published_s: float, at: float) -> None:
        """Twice a second: how much of it is out, and whether the encoder is behind."""
        if published_s > self.published_s:
            self.published_s, self._published_at = published_s, at
        is_behind = self.fed_s - self.encoded_s > BEHIND_S
        self._slow_since = (self._slow_since or at) if is_behind else None

    def is_stalled(self, at: float) -> bool:
        """Whether, of a run that gets something, the encoder encodes nothing more or the packager writes nothing."""
        if at - self.begun_at < FIRST_S:
            return False
        is_held_back = (
            self.encoded_s - self.published_s > self.segment_s + HELD_BACK_S and at - self._published_at > STALLED_S
        )
        return at - self._encoded_at > STALLED_S or is_held_back

    def is_slow(self, at: float) -> bool:
        """Whether this machine is too slow for what the run encodes."""
        return self._slow_since is not None and at - max(self._slow_since, self.begun_at + FIRST_S) > SLOW_FOR_S

    def figures(self, at: float) -> dict[str, float | None]:
        """Seconds, and decibels below full scale."""
        return {
            "behind_s": round(max(0.0, self.fed_s - self.encoded_s), 1),
            "level_db": self.level_db,
            "silent_s": round(at - self._silent_since, 1) if self._silent_since is not None else 0.0,
            "frozen_s": round(at - self._frozen_since, 1) if self._frozen_since is not None else 0.0,
        }

    def _note_encoded(self, encoded_s: float, at: float) -> None:
        if encoded_s > self.encoded_s:
            self.encoded_s, self._encoded_at = encoded_s, at

    def _note_level(self, level_db: float, at: float) -> None:
        self.level_db = round(max(level_db, -99.0), 1)
        if level_db > SILENT_DB:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = at

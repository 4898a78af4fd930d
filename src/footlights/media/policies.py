"""Pure rules: which renditions a source gets, how large, how fast, what is refused, and how far along an asset is."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from footlights.media.records import Stage, StageName, StageState

SEGMENT_S = 4
FIRST_RUNG = 360  # small enough to be soon, good enough to watch
MAX_DIMENSION_PX = 8192
MAX_PIXELS = 8192 * 4320
MIN_DIMENSION_PX = 16
MAX_DURATION_MS = 12 * 3600 * 1000
MIN_DURATION_MS = 100
MAX_RATE = Fraction(60)
MAX_STARTS = 6  # of one step, counting those that a killed worker left behind
MAX_CRASHES = 3  # of one step's programs


@dataclass(frozen=True, slots=True)
class Rung:
    """One video rendition: its size in pixels and the most it may take (x264 CRF bounded by `max_bps`)."""

    name: str
    width: int
    height: int
    crf: int
    max_bps: int


# name (the short side), CRF, most bits a second at up to 30 frames a second
_LADDER = ((1080, 22, 6_000_000), (720, 22, 3_500_000), (480, 22, 1_800_000), (360, 22, 1_000_000), (240, 23, 500_000))

_RATES = [
    Fraction(5), Fraction(6), Fraction(8), Fraction(10), Fraction(12), Fraction(15), Fraction(20), Fraction(24000,
    1001),
    Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(48), Fraction(50), Fraction(60000,
    1001), Fraction(60),
]  # fmt: skip


def ladder(*, width: int, height: int, rate: Fraction) -> list[Rung]:
    """The rungs for a picture shown at `width` × `height` (square pixels, upright), highest first, never upscaled.

    The short side decides, so that a portrait film gets the same quality as a landscape one. A source between two rungs
    or below the lowest keeps its own size as the top rung.
    """
    short = min(width, height)
    names = [rung for rung in _LADDER if rung[0] <= short]
    if not names or (names[0][0] < short < _LADDER[0][0] and short - names[0][0] >= 60):  # noqa: PLR2004  worth a rung of its own
        above = [rung for rung in _LADDER if rung[0] > short]
        names.insert(0, (short - short % 2, above[-1][1], above[-1][2]))
    return [_rung(rung, width=width, height=height, rate=rate) for rung in names]


def first_rung(rungs: list[Rung]) -> Rung:
    """The one to watch first: the highest that is no higher than FIRST_RUNG, else the lowest."""
    small = [rung for rung in rungs if int(rung.name) <= FIRST_RUNG]
    return small[0] if small else rungs[-1]


def _rung(rung: tuple[int, int, int], *, width: int, height: int, rate: Fraction) -> Rung:
    side, crf, max_bps = rung
    scale = Fraction(min(side, width, height), min(width, height))
    fast = 3 if rate > 31 else 2  # noqa: PLR2004  half as many again above 30 frames a second
    return Rung(
        name=str(side),
        width=_even(width * scale),
        height=_even(height * scale),
        crf=crf,
        max_bps=max_bps * fast // 2,
    )


def _even(value: Fraction) -> int:
    """The nearest even number of pixels (H.264 4:2:0 needs one), at least 2."""
    return max(2, round(value / 2) * 2)


def steady_rate(average: Fraction | None) -> Fraction:
    """The constant rate for a source of `average` frames a second: the nearest standard one, never above 60.

    Players and segments want a constant rate; phones and screen recorders deliver variable ones.
    """
    if not average or average <= 0:
        return Fraction(30)
    nearest = min(_RATES, key=lambda rate: abs(rate - average))
    if abs(nearest - average) / nearest < Fraction(1, 500):
        return nearest
    return next((rate for rate in _RATES if rate >= average), MAX_RATE)


def gop_frames(rate: Fraction) -> int:
    """Frames between key frames: the fewest that fill a segment, so that each segment starts with one."""
    return ceil(rate * SEGMENT_S)


def storyboard_interval_s(duration_ms: int) -> int:
    """About a hundred pictures for a short film, one each ten seconds for a long one."""
    return max(1, min(10, duration_ms // 100_000))


_ORDER: list[StageName] = ["upload", "check", "first", "quality", "finish"]
_STAGE_OF: dict[str, StageName] = {
    "probe": "check", "first": "first", "package_first": "first", "rest": "quality", "package_all": "finish",
}  # fmt: skip


def stages(*, state: str, step: str, percent: int, seconds_left: int | None, started: bool) -> list[Stage]:
    """The five stages of an asset whose next step is `step`."""
    if state == "ready":
        return [Stage(name, 100, None, "done") for name in _ORDER]
    current = _ORDER.index(_STAGE_OF.get(step, "check"))
    running: StageState = "failed" if state in {"rejected", "failed"} else "running" if started else "waiting"
    shown = 99 if step == "package_first" else min(percent, 98) if step == "first" else percent
    return [
        Stage(name, 100, None, "done")
        if index < current
        else Stage(name, shown, seconds_left, running)
        if index == current
        else Stage(name, 0, None, "waiting")
        for index, name in enumerate(_ORDER)
    ]

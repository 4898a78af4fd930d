"""Runs ffprobe and ffmpeg on a descriptor, never on a name.

They read through an allow-list of container formats and one protocol: a playlist or a script that names local files or
addresses is not a format here, and nothing else can be opened.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any

from footlights.media import policies
from footlights.media.adapters import programs
from footlights.media.policies import Rung

# Containers people really have. None of them can refer to another file (mov's external references are off by default).
FORMATS = (
    "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,mxf,mxf_opatom,gxf,dv,rm,ivf,m4v,h264,hevc,3gp,"
    "mp3,wav,w64,flac,aac,aiff,ac3,eac3,caf,amr,ape,wv,tta,au"
)
_PROBE_TIMEOUT_S = 120
PRESET = "faster"  # of x264: half the time of "medium" for a few per cent more bits
_PACKETS_PROBED = 16
STORYBOARD_COLUMNS = 10
STORYBOARD_TILE_PX = 160  # the long side


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source is. Sizes are as shown: square pixels, upright. `rate` is frames a second as a fraction."""

    kind: str
    duration_ms: int
    video_index: int | None = None
    audio_index: int | None = None
    width: int | None = None
    height: int | None = None
    rate: str = "0"
    interlaced: bool = False
    hdr: bool = False
    channels: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def rungs(self) -> list[Rung]:
        if not self.width or not self.height:
            return []
        return policies.ladder(width=self.width, height=self.height, rate=Fraction(self.rate))


@dataclass(frozen=True, slots=True)
class Stills:
    """Pictures to take along the way: `candidates` frames evenly spread, and storyboard sheets."""

    candidates: int
    interval_s: int
    tile_width: int
    tile_height: int
    width: int
    height: int


def probe(source: int) -> dict[str, Any]:
    """What ffprobe says of the file behind the descriptor, its first packets included. Raises ProgramFailedError."""
    with _fresh(source) as fd:
        answer = programs.run(
            [
                programs.path("ffprobe"), "-v", "error", *_guard(fd), "-show_format", "-show_streams",
                "-show_packets", "-read_intervals", f"%+#{_PACKETS_PROBED}", "-of", "json", "-i", "fd:",
            ],
            timeout_s=_PROBE_TIMEOUT_S, largest_file_bytes=0, pass_fds=[fd],
        )  # fmt: skip
    return dict(json.loads(answer))


def transcode(
    source: int,
    facts: Facts,
    *,
    rungs: Sequence[Rung],
    audio: bool,
    stills: Stills | None,
    niceness: int,
    folder: Path,
    on_progress: Callable[[float], None],
) -> None:
    """Encode into `folder`: `<rung>.mp4` each, `audio.mp4`, `still-*.jpg`, `sheet-*.jpg`, decoding the source once.

    `on_progress` gets the share done, 0 to 1. Key frames fall on the same frames in every rung (closed GOPs of about
    SEGMENT_S), and every stream begins at zero, so that the packager cuts them alike. Raises ProgramFailedError.
    """
    with _fresh(source) as fd:
        command = [
            programs.path("ffmpeg"), "-hide_banner", "-v", "error", "-nostdin", "-y",
            "-progress", "pipe:1", "-stats_period", "0.5",
            "-max_pixels", str(policies.MAX_PIXELS), *_guard(fd), "-i", "fd:",
            *arguments(facts, rungs=rungs, audio=audio, stills=stills),
        ]  # fmt: skip
        programs.run(
            command,
            timeout_s=600 + facts.duration_ms / 1000 * 60,
            largest_file_bytes=max(1 << 30, facts.duration_ms * 4000),  # 32 Mbit/s, far above any rung
            pass_fds=[fd],
            cwd=folder,
            on_line=_progress_reader(facts, on_progress),
            niceness=niceness,
        )


def arguments(facts: Facts, *, rungs: Sequence[Rung], audio: bool, stills: Stills | None) -> list[str]:
    """Ffmpeg's arguments after the input: what to make of its picture, then its outputs. Rungs go from high to low."""
    rate = Fraction(facts.rate)
    graph, outputs = _graph(facts, rungs=rungs, stills=stills, rate=rate)
    command = ["-filter_complex", ";".join(graph)] if graph else []
    for rung in rungs:
        gop = policies.gop_frames(rate)
        command += [
            "-map", f"[v{rung.name}]", "-c:v", "libx264", "-preset", PRESET, "-profile:v", "high",
            "-crf", str(rung.crf),
            "-maxrate", str(rung.max_bps), "-bufsize", str(rung.max_bps * 2), "-g", str(gop), "-keyint_min", str(gop),
            "-sc_threshold", "0", *_METADATA, "-an", f"{rung.name}.mp4",
        ]  # fmt: skip
    if audio:
        mono = facts.channels == 1
        command += [
            "-map", f"0:{facts.audio_index}", "-af", "aresample=async=1:first_pts=0",
            "-ac", "1" if mono else "2", "-ar", "48000",
            "-c:a", "aac", "-b:a", "96k" if mono else "128k", *_METADATA, "-vn", "audio.mp4",
        ]  # fmt: skip
    for label, pattern, quality in outputs:
        command += [
            "-map",
            label,
            "-c:v",
            "mjpeg",
            "-q:v",
            quality,
            "-fps_mode",
            "passthrough",
            "-f",
            "image2",
            pattern,
        ]
    return command


_METADATA = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]


def _graph(
    facts: Facts, *, rungs: Sequence[Rung], stills: Stills | None, rate: Fraction
) -> tuple[list[str], list[tuple[str, str, str]]]:
    if not rungs:
        return [], []
    chain = ["bwdif=mode=send_frame:deint=interlaced"] if facts.interlaced else []
    chain.append(f"fps={rate}:start_time=0")
    branches = [f"[{rungs[0].name}]"] + (["[still]", "[sheet]"] if stills else [])
    graph = [f"[0:{facts.video_index}]{','.join(chain)},split={len(branches)}{''.join(branches)}"]
    graph += _steps_down(facts, rungs)
    if not stills:
        return graph, []
    seconds = facts.duration_ms / 1000
    every = max(1, int(seconds * rate / stills.candidates))
    still = _scale(stills.width, stills.height, facts, out_range="pc")
    tile = _scale(stills.tile_width, stills.tile_height, facts, out_range="pc")
    sheet = f"{STORYBOARD_COLUMNS}x{STORYBOARD_COLUMNS}"
    graph.append(f"[still]select='eq(mod(n-{every // 2},{every}),0)',{still}[stills]")
    graph.append(f"[sheet]fps=1/{stills.interval_s}:start_time=0,{tile},tile={sheet}[sheets]")
    return graph, [("[stills]", "still-%03d.jpg", "2"), ("[sheets]", "sheet-%03d.jpg", "6")]


def _steps_down(facts: Facts, rungs: Sequence[Rung]) -> list[str]:
    """Each rung is scaled from the next larger one: a third of the work of scaling each from the source."""
    steps = []
    for rung, below in zip_longest(rungs, rungs[1:]):
        scaled = f"[{rung.name}]{_scale(rung.width, rung.height, facts)}"
        steps.append(f"{scaled},split=2[v{rung.name}][{below.name}]" if below else f"{scaled}[v{rung.name}]")
    return steps


def _scale(width: int, height: int, facts: Facts, *, out_range: str = "tv") -> str:
    """To a size, in the colours every screen shows (BT.709; limited range for film, full for JPEG)."""
    colour = ":out_color_matrix=bt709:out_primaries=bt709:out_transfer=bt709" if facts.hdr else ""
    return f"scale={width}:{height}:flags=bicubic:out_range={out_range}{colour},setsar=1,format=yuv420p"


def _guard(fd: int) -> list[str]:
    return ["-protocol_whitelist", "fd", "-format_whitelist", FORMATS, "-fd", str(fd)]


@contextmanager
def _fresh(source: int) -> Iterator[int]:
    """The same file from its beginning, with a position of its own."""
    fd = os.open(f"/proc/self/fd/{source}", os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)


def _progress_reader(facts: Facts, on_progress: Callable[[float], None]) -> Callable[[str], None]:
    """By the frames of the first rendition; sound alone by its time (with stills, ffmpeg's time says nothing)."""
    frames = facts.duration_ms / 1000 * float(Fraction(facts.rate))
    wanted, total = ("frame", frames) if frames else ("out_time_us", facts.duration_ms * 1000)

    def read(line: str) -> None:
        name, _, value = line.partition("=")
        if name == wanted and value.strip().isdigit():
            on_progress(min(1.0, int(value) / max(1, total)))

    return read

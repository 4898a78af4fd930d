"""Keeps a set of processes alive and ends them in order. Knows nothing of what they are.

A process that ends by itself, or stands still, is started again, after a pause that doubles up to MAX_PAUSE_S and is
forgotten after STEADY_AFTER_S of good life. Stopping goes against the order of starting: signal, wait, then kill the
group.
"""

import asyncio
import os
import pwd
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from footlights.ops.processes import LINES, child_options, kill_group
from footlights.ops.watchdog import Watchdog

FIRST_PAUSE_S = 0.5
MAX_PAUSE_S = 15.0
STEADY_AFTER_S = 10.0
LINE_LIMIT_BYTES = 1 << 20

Log = Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True)
class Program:
    """How one process is run: `stop_signal` asks it to end, `stop_within_s` is how long it may take.

    Lines that hold one of `mute` are chatter nobody needs. Each of `members`, which the program forks, is heard through
    a pipe of its own. With `silent_max_s` it gives signs of life, and is killed when none comes for so long.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    user: pwd.struct_passwd | None = None
    stop_signal: int = signal.SIGTERM
    stop_within_s: float = 8.0
    mute: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    silent_max_s: float | None = None


class Patience:
    """How long to wait before a process that ended is started again."""

    def __init__(self) -> None:
        self._next_s = FIRST_PAUSE_S

    def after(self, lived_s: float) -> float:
        """Seconds, for one that lived so long."""
        if lived_s > STEADY_AFTER_S:
            self._next_s = FIRST_PAUSE_S
        pause_s, self._next_s = self._next_s, min(self._next_s * 2, MAX_PAUSE_S)
        return pause_s


class Supervisor:
    """Runs programs until stop(). `log` is given a process's name and a line of what it said."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._keepers: dict[str, _Keeper] = {}

    async def start(self, program: Program) -> None:
        keeper = self._keepers[program.name] = _Keeper(program, self._log)
        await keeper.start()

    def is_running(self, name: str) -> bool:
        keeper = self._keepers.get(name)
        return bool(keeper and keeper.process and keeper.process.returncode is None)

    async def stop(self) -> None:
        """End every process, last started first, and wait until none is left."""
        while self._keepers:
            _, keeper = self._keepers.popitem()
            await keeper.stop()


class _Keeper:
    def __init__(self, program: Program, log: Log) -> None:
        self.program = program
        self.process: asyncio.subprocess.Process | None = None
        self._said: dict[str, asyncio.StreamReader] = {}  # by the name of who says it
        self._log = log
        self._task: asyncio.Task[None] | None = None
        self._watchdog = Watchdog(program.silent_max_s) if program.silent_max_s else None

    async def start(self) -> None:
        await self._spawn()
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.program.name}")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        process = self.process
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(self.program.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), self.program.stop_within_s)
            except TimeoutError:
                self._log(self.program.name, f"did not stop within {self.program.stop_within_s:.0f} s; killed")
        kill_group(process.pid)
        await process.wait()

    async def _keep(self) -> None:
        patience = Patience()
        while True:
            born = time.monotonic()
            code = await self._follow()
            kill_group(self.process.pid if self.process else 0)
            pause = patience.after(time.monotonic() - born)
            how = f"signal {-code}" if code < 0 else f"code {code}"
            self._log(self.program.name, f"ended unexpectedly ({how}); starting again in {pause:g} s")
            await asyncio.sleep(pause)
            await self._spawn()

    async def _spawn(self) -> None:
        program = self.program
        lines = [os.pipe() for _ in program.members]
        self.process = await asyncio.create_subprocess_exec(
            *program.command,
            env={
                **program.environment,
                **({LINES: " ".join(str(write) for _, write in lines)} if lines else {}),
                **(self._watchdog.environment if self._watchdog else {}),
            },
            pass_fds=[write for _, write in lines],
            cwd="/",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LINE_LIMIT_BYTES,
            **child_options(parent_death_signal=program.stop_signal, user=program.user),
        )
        self._said = {program.name: self.process.stdout} if self.process.stdout else {}
        for name, (read, write) in zip(program.members, lines, strict=True):
            os.close(write)
            self._said[name] = await _stream(read)

    async def _follow(self) -> int:
        """Log each line until the process ends; its return code. Does not wait for grandchildren."""
        process = self.process
        if process is None:
            raise RuntimeError(f"{self.program.name} was never started")
        readers = asyncio.gather(*(self._read(name, stream) for name, stream in self._said.items()))
        watching = asyncio.create_task(self._watch(process.pid))
        try:
            code = await process.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(readers, 1)
            return code
        finally:
            watching.cancel()
            readers.cancel()
            await asyncio.gather(watching, readers, return_exceptions=True)  # what nobody awaits is told as an error

    async def _watch(self, leader: int) -> None:
        """Kill what stands still; it is begun anew like whatever ends."""
        if self._watchdog:
            await self._watchdog.until_silent()
            self._log(self.program.name, f"gave no sign of life for {self.program.silent_max_s:g} s; killed")
            kill_group(leader)

    async def _read(self, name: str, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # a line beyond LINE_LIMIT_BYTES is dropped
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            if not any(each in text for each in self.program.mute):
                self._log(name, text)


async def _stream(read: int) -> asyncio.StreamReader:
    """What comes through a pipe."""
    stream = asyncio.StreamReader(limit=LINE_LIMIT_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(read, "rb")
    )
    return stream

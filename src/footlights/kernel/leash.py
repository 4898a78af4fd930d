"""Runs a program bound to its parent and to limits.

    python -I -S leash.py PARENT ADDRESS_BYTES FILE_BYTES NICENESS -- PROGRAM …

The program dies when its parent does (so a killed worker leaves no encoder behind), yields to everything else on the
machine, is the first to go when memory runs out, and may neither dump core nor outgrow its limits.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def command(program: Sequence[str], *, address_bytes: int, file_bytes: int, niceness: int) -> list[str]:
    """What to start instead of `program`, from this process: the program, on a leash that we hold."""
    limits = (os.getpid(), address_bytes, file_bytes, niceness)
    return [sys.executable, "-I", "-S", __file__, *map(str, limits), "--", *program]


def main(arguments: list[str]) -> None:
    parent, address_bytes, file_bytes, niceness = (int(value) for value in arguments[:4])
    program = arguments[5:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)
        with open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123  pathlib would triple the start-up time
            score.write("800")
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, address_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
    ):
        resource.setrlimit(limit, (value, value))
    os.nice(niceness)
    os.execv(program[0], program)  # noqa: S606  the list is built by us, never a shell's


if __name__ == "__main__":
    main(sys.argv[1:])

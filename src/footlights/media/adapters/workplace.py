"""A folder to work in, gone afterwards. What a killed worker left behind is swept away by the next one to start.

Each folder is locked while its owner lives; the lock dies with the process, so an unlocked folder is an orphan.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footlights.kernel import environment

_PREFIX = "work-"
_SURELY_LOCKED_AFTER_S = 60  # its owner makes the folder first and locks it next


@contextmanager
def workplace() -> Iterator[Path]:
    scratch = environment.load().scratch
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=scratch))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep() -> int:
    """Remove orphaned folders; returns how many."""
    removed = 0
    for folder in environment.load().scratch.glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _SURELY_LOCKED_AFTER_S:
                continue
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
        finally:
            os.close(lock)
    return removed

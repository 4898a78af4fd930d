"""An empty installation that lasts as long as the simulation: its PostgreSQL, and Django in this process."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from footlights.kernel import environment
from footlights.ops.engines import postgres

QUICK = (
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "synchronous_commit=off",
)  # nothing here outlives a crash
NOT_OURS = ("DATABASE_URL", "FOOTLIGHTS_STORAGE_URL", "FOOTLIGHTS_SITE_URL")


@contextmanager
def world() -> Iterator[None]:
    """Once a process: Django is set up on it."""
    home = Path(tempfile.mkdtemp(prefix=".footlights-month-"))
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ["FOOTLIGHTS_HOME"] = str(home)
    os.environ["FOOTLIGHTS_SANDBOX_SALES"] = "1"
    cluster = postgres.Cluster(environment.load())
    cluster.prepare()
    process = cluster.start(*QUICK)
    try:
        _set_up()
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(postgres.STOP_TIMEOUT_S)
        shutil.rmtree(home, ignore_errors=True)


def _set_up() -> None:
    django.setup()
    from django.conf import settings  # noqa: PLC0415  needs Django to be set up
    from django.core.management import call_command  # noqa: PLC0415  as above

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    call_command("migrate", verbosity=0)

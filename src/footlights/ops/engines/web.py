"""The web processes: granian serving Django over WSGI on sockets that only the edge reaches.

Pages and whatever sends files are served apart: a sender holds a thread as long as it sends, and must hold no page up.
Pages need a process for each core and two threads in each: more threads only contend for the interpreter
(`footlights bench pages licences`), and with one a slow page would hold up the others.
They are members of the crew, which has loaded Django for them.
"""

import os
import signal

from django.db import DEFAULT_DB_ALIAS, connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from footlights.kernel import environment
from footlights.ops.engines.caddy import PAGES_SOCKET, UPLOADS_SOCKET
from footlights.ops.processes import follow_parent

SOCKET_MODE = 0o600
NEEDS = ("footlights.config.wsgi", "footlights.web.urls")
WORKERS = min(os.cpu_count() or 2, 16)  # with the uploads they stay below PostgreSQL's limit of connections
THREADS = 2
THREAD_KEPT_S = 600  # with its database connection; the most granian allows
UPLOADS_AT_ONCE = 64  # threads that mostly wait for their senders


def serve_pages() -> None:
    """Until SIGTERM."""
    _serve(
        PAGES_SOCKET,
        workers=int(os.environ.get("FOOTLIGHTS_WEB_WORKERS", WORKERS)),
        threads=int(os.environ.get("FOOTLIGHTS_WEB_THREADS", THREADS)),
    )


def take_uploads() -> None:
    """Until SIGTERM; the same application, where the edge sends uploads and forms with files."""
    _serve(
        UPLOADS_SOCKET,
        workers=1,
        threads=int(os.environ.get("FOOTLIGHTS_UPLOADS_AT_ONCE", UPLOADS_AT_ONCE)),
        keep_connections=False,
    )


def _serve(socket_name: str, *, workers: int, threads: int, keep_connections: bool = True) -> None:
    """`keep_connections`: a thread keeps its database connection between requests; idle uploaders need none."""
    if not keep_connections:
        connections.settings[DEFAULT_DB_ALIAS]["CONN_MAX_AGE"] = 0
    os.register_at_fork(after_in_child=follow_parent(signal.SIGTERM))
    socket = environment.load().run / socket_name
    socket.unlink(missing_ok=True)
    Granian(
        "footlights.config.wsgi:application",
        uds=socket,
        uds_permissions=SOCKET_MODE,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=THREAD_KEPT_S,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()

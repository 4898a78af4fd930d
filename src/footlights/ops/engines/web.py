"""The web process: granian serving Django over WSGI on a socket that only the edge reaches.

Django is loaded once, before the workers are forked, so that they share its memory.
"""

import gc
import os
import signal

import django
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from footlights.kernel.environment import Environment
from footlights.ops.processes import follow_parent

SOCKET_MODE = 0o600
WORKERS = 2
THREADS = 32  # an upload holds one as long as its sender sends


def run(environment: Environment) -> None:
    """Serve until SIGTERM."""
    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  needs the settings
    from django.urls import get_resolver  # noqa: PLC0415  as above

    application = get_wsgi_application()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    os.register_at_fork(after_in_child=follow_parent(signal.SIGTERM))
    socket = environment.run / "web.sock"
    socket.unlink(missing_ok=True)
    Granian(
        "footlights.config.wsgi:application",
        uds=socket,
        uds_permissions=SOCKET_MODE,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("FOOTLIGHTS_WEB_WORKERS", WORKERS)),
        blocking_threads=int(os.environ.get("FOOTLIGHTS_WEB_THREADS", THREADS)),
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        websockets=False,
        log_level=LogLevels.error,
    ).serve(target_loader=lambda: application, wrap_loader=False)

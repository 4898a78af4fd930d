"""The doctor's rounds: in the worker process, what `footlights doctor` says, every few minutes, for the backoffice.

Never says what is an alert: the watch does, each second. Of what it saw, addresses lose what opens them.
"""

import logging
import re
import socket
import threading
from collections.abc import Callable

from footlights.kernel import environment

logger = logging.getLogger(__name__)

FIRST_AFTER_S = 15.0  # the service that begins is not whole yet
EVERY_S = 120.0
OPENS = re.compile(r"(?<=://)[^/\s@]+@|\?[^\s]*")  # a name and password before a host; what an address asks with


def start() -> Callable[[], None]:
    """Begin the rounds; returns what ends them."""
    over = threading.Event()
    threading.Thread(target=_go_round, args=(over,), daemon=True, name="checks").start()
    return over.set


def look() -> None:
    """One round. Needs Django to be set up."""
    from footlights.alerts.api import Check, CheckLevel, note_checks  # noqa: PLC0415  needs Django to be set up
    from footlights.kernel.clock import now  # noqa: PLC0415  as above
    from footlights.ops.doctor import machine, service  # noqa: PLC0415  as above

    installation, at = environment.load(), now()
    checks = [
        Check(socket.gethostname(), each.what, harmless(each.seen), CheckLevel(each.level), each.mend, at)
        for check in (*machine.CHECKS, *service.CHECKS)
        for each in check(installation)
    ]
    note_checks(checks, machine=socket.gethostname(), at=at)


def harmless(text: str) -> str:
    """Without what opens what an address names."""
    return OPENS.sub("", text)


def _go_round(over: threading.Event) -> None:
    from django.db import connection  # noqa: PLC0415  needs Django to be set up

    wait_s = FIRST_AFTER_S
    while not over.wait(wait_s):
        wait_s = EVERY_S
        try:
            look()
        except Exception:
            logger.exception("the round of checks stumbled; the next one begins anew")
        finally:
            connection.close()

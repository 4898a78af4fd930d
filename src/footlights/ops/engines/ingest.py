"""The ingest processes: where encoders such as OBS send to. Import no Django, so that they cost little at rest."""

import asyncio
import gc
import logging
import os
import signal
import sys
from urllib.parse import urlsplit

from footlights.ingest.api import Seal, Settings, read_secret, serve
from footlights.kernel.environment import Environment
from footlights.ops.engines.caddy import PAGES_SOCKET, both_families
from footlights.ops.engines.ingests import camera_sockets, hand_on_sockets
from footlights.ops.watchdog import give_signs_of_life

RTMP_PORT = 1935  # the one every encoder knows


def run(environment: Environment, number: int) -> None:
    """Take broadcasts until SIGTERM."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
    logging.getLogger("websockets").setLevel(logging.WARNING)  # who comes and goes, the ingest says itself
    environment.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = Settings(
        hosts=both_families(os.environ.get("FOOTLIGHTS_RTMP_HOST", "127.0.0.1")),
        port=int(os.environ.get("FOOTLIGHTS_RTMP_PORT") or RTMP_PORT),
        folder=environment.live,
        scratch=environment.scratch,
        web_socket=environment.run / PAGES_SOCKET,
        camera_socket=camera_sockets(environment)[number - 1],
        site_url=environment.site_url,
        secret=read_secret(environment.secrets),
        seal=_seal(environment),
        number=number,
        sockets=hand_on_sockets(environment),
    )
    gc.freeze()
    asyncio.run(_until_told(settings))


def _seal(environment: Environment) -> Seal | None:
    """For RTMPS, where the service has a name of its own."""
    port, name = int(os.environ.get("FOOTLIGHTS_RTMPS_PORT") or 0), urlsplit(environment.site_url).hostname
    return Seal(environment.home / "certificates", name, port) if port and name else None


async def _until_told(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    signs = asyncio.create_task(give_signs_of_life())
    await serve(settings, stop)
    signs.cancel()

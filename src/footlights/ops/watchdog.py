"""Signs of life between a process and whoever keeps it, as systemd asks for them (sd_notify(3), `WatchdogSec=`).

A process that is killed is noticed by the kernel. One that stands still, stopped or stuck, is noticed by its silence.
"""

import asyncio
import os
import socket
from contextlib import suppress

ADDRESS, WITHIN_US = "NOTIFY_SOCKET", "WATCHDOG_USEC"
SIGN = b"WATCHDOG=1"
SIGNS_A_SILENCE = 4
LOOK_EVERY_S = 0.5
_SIGN_BYTES_MAX = 4_096


async def give_signs_of_life() -> None:
    """For ever, where somebody waits for them."""
    address, within_us = os.environ.get(ADDRESS, ""), os.environ.get(WITHIN_US, "")
    if not address or not within_us.isdecimal():
        return
    where = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
        while True:
            with suppress(OSError):  # nobody hears it, or has yet to hear the last ones
                line.sendto(SIGN, where)
            await asyncio.sleep(int(within_us) / 1e6 / SIGNS_A_SILENCE)


class Watchdog:
    """Hears one program's signs, from process to process."""

    def __init__(self, silent_max_s: float) -> None:
        self._silent_max_s = silent_max_s
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._line.bind("")  # a free name that lies in no folder

    @property
    def environment(self) -> dict[str, str]:
        """What the program must be told."""
        name = self._line.getsockname()[1:].decode()
        return {ADDRESS: f"@{name}", WITHIN_US: str(round(self._silent_max_s * 1e6))}

    async def until_silent(self) -> None:
        """From the first sign on. Counted in looks of ours, so that a machine that slept accuses nobody."""
        with suppress(BlockingIOError):  # what the process before this one gave
            while True:
                self._line.recv(_SIGN_BYTES_MAX)
        loop = asyncio.get_running_loop()
        await loop.sock_recv(self._line, _SIGN_BYTES_MAX)
        silent_s = 0.0
        while silent_s < self._silent_max_s:
            try:
                await asyncio.wait_for(loop.sock_recv(self._line, _SIGN_BYTES_MAX), LOOK_EVERY_S)
            except TimeoutError:
                silent_s += LOOK_EVERY_S
            else:
                silent_s = 0.0

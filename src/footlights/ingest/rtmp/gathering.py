"""What comes in little pieces is read together: each reading wakes this process, and a sender sends many a second."""

import asyncio
from collections.abc import Callable

MUCH_BYTES = 64 << 10  # of a sender that sends so much at once the next is read at once
UNREAD_MAX_BYTES = 256 << 10


class Gathering(asyncio.Protocol):
    """Stands between a transport and the protocol that reads it; reads again after `every_s`.

    `taken` says how many bytes were used; while much waits to be, nothing is read.
    """

    def __init__(self, transport: asyncio.Transport, *, every_s: float, taken: Callable[[], int]) -> None:
        self._transport = transport
        self._inner = transport.get_protocol()
        self._every_s = every_s
        self._taken = taken
        self._received = taken()
        transport.set_protocol(self)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)  # type: ignore[attr-defined]  # it reads a stream
        self._received += len(data)
        if len(data) < MUCH_BYTES or self._is_much_unread:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(self._every_s, self._read_again)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()  # type: ignore[attr-defined, no-any-return]  # as above

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    @property
    def _is_much_unread(self) -> bool:
        return self._received - self._taken() > UNREAD_MAX_BYTES

    def _read_again(self) -> None:
        if self._transport.is_closing():
            return
        if self._is_much_unread:
            asyncio.get_running_loop().call_later(self._every_s, self._read_again)
        else:
            self._transport.resume_reading()

"""Little pieces over a real socket: read together, all of them, and no more than is used."""

import asyncio
import socket

from footlights.ingest.rtmp.gathering import MUCH_BYTES, UNREAD_MAX_BYTES, Gathering
from footlights.kernel.testing import run_apart

PIECES, PIECE = 60, b"0123456789"


async def _gathered() -> tuple[asyncio.StreamReader, asyncio.StreamWriter, list[int], socket.socket]:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    sizes: list[int] = []
    fed = reader.feed_data
    reader.feed_data = lambda data: (sizes.append(len(data)), fed(data))  # type: ignore[method-assign, assignment]
    used = 0
    gathering = Gathering(writer.transport, every_s=0.1, taken=lambda: used)  # type: ignore[arg-type]
    assert writer.transport.get_protocol() is gathering
    theirs.setblocking(False)
    return reader, writer, sizes, theirs


def test_many_little_pieces_are_few_readings_and_none_is_lost():
    async def send() -> tuple[bytes, list[int]]:
        reader, writer, sizes, theirs = await _gathered()
        loop = asyncio.get_running_loop()
        for _ in range(PIECES):
            await loop.sock_sendall(theirs, PIECE)
            await asyncio.sleep(0.01)
        theirs.close()
        whole = await reader.read()
        writer.close()
        return whole, sizes

    whole, sizes = run_apart(send())
    assert whole == PIECE * PIECES
    assert len(sizes) < PIECES / 3


def test_whoever_floods_waits_while_nothing_is_used():
    async def flood() -> int:
        _reader, writer, sizes, theirs = await _gathered()
        sending = asyncio.create_task(asyncio.get_running_loop().sock_sendall(theirs, bytes(8 << 20)))
        await asyncio.sleep(0.5)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        received = sum(sizes)
        theirs.close()
        writer.close()
        await asyncio.sleep(0.2)
        return received

    assert MUCH_BYTES <= run_apart(flood()) <= UNREAD_MAX_BYTES + (256 << 10)

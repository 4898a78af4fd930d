"""A load generator that keeps every latency: closed loop (as fast as answers come) or open loop (at a given rate).

Our own because the packaged ones either keep only fixed percentiles or measure latency from the send instead of from
the time a request was due, which hides the very stalls that are looked for.
"""

import asyncio
import itertools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

OK_STATUSES = range(200, 400)


@dataclass(frozen=True, kw_only=True)
class Request:
    path: str = "/"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came back. Latencies in milliseconds; open loop counts from when a request was due."""

    seconds: float
    latencies_ms: list[float]
    errors: int
    received_bytes: int

    @property
    def per_second(self) -> float:
        return len(self.latencies_ms) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        return percentile(self.latencies_ms, percent)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def load(
    url: str,
    requests: Sequence[Request] = (Request(),),
    *,
    seconds: float = 5.0,
    connections: int = 8,
    per_second: float | None = None,
) -> Load:
    """Send `requests` round and round over kept-alive connections, at `per_second` or without pause."""
    return asyncio.run(_load(url, requests, seconds=seconds, connections=connections, per_second=per_second))


async def _load(
    url: str, requests: Sequence[Request], *, seconds: float, connections: int, per_second: float | None
) -> Load:
    parts = urlsplit(url)
    raw = itertools.cycle([_encode(request, parts.netloc) for request in requests])
    latencies: list[float] = []
    counts = {"errors": 0, "bytes": 0}
    started = time.perf_counter()
    ends = started + seconds
    turn = itertools.count()

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 22)
        try:
            while True:
                due = started + next(turn) / per_second if per_second else time.perf_counter()
                if due >= ends or time.perf_counter() >= ends:
                    return
                if (wait := due - time.perf_counter()) > 0:
                    await asyncio.sleep(wait)
                writer.write(next(raw))
                status, size = await _answer(reader)
                latencies.append((time.perf_counter() - due) * 1000)
                counts["bytes"] += size
                counts["errors"] += status not in OK_STATUSES
        finally:
            writer.close()

    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return Load(
        seconds=time.perf_counter() - started,
        latencies_ms=latencies,
        errors=counts["errors"],
        received_bytes=counts["bytes"],
    )


def _encode(request: Request, host: str) -> bytes:
    headers = {"Host": host, "Accept": "*/*", **request.headers}
    if request.body or request.method == "POST":
        headers["Content-Length"] = str(len(request.body))
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + request.body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and body size of one answer, read whole."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in head:
        size = 0
        while (length := int((await reader.readline()).split(b";")[0], 16)) > 0:
            await reader.readexactly(length + 2)
            size += length
        await reader.readline()
        return status, size
    at = head.find(b"content-length:")
    size = int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else 0
    if size:
        await reader.readexactly(size)
    return status, size

"""What the house is asked: who may send, what is on air, and how it goes. JSON over the web process's own socket.

The contract is docs/reference/live.md, so that another ingest may stand in this one's place.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from footlights.ingest.errors import CarriedElsewhereError, HookError, RefusedError
from footlights.kernel.environment import read_or_create_secret

ANSWER_WITHIN_S = 5.0
MAX_ANSWER_BYTES = 256 << 10
_FORBIDDEN, _OK = 403, 200


@dataclass(frozen=True)
class Hook:
    socket: Path
    site_url: str
    secret: str

    async def ask(self, question: str, **body: Any) -> dict[str, Any]:
        """Raises RefusedError with words for the sender, HookError when there is no answer."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                status, answer = await self._exchange(question, json.dumps(body).encode())
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError) as error:
            raise HookError("The service does not answer. Try again in a moment.") from error
        if status == _FORBIDDEN:
            refusal = answer.get("error", {})
            words = str(refusal.get("message", "Refused."))
            raise CarriedElsewhereError(words, refusal["node"]) if "node" in refusal else RefusedError(words)
        if status != _OK:
            raise HookError(f"The service answered with {status}.")
        return answer

    async def _exchange(self, question: str, body: bytes) -> tuple[int, dict[str, Any]]:
        reader, writer = await asyncio.open_unix_connection(str(self.socket), limit=MAX_ANSWER_BYTES)
        try:
            head = (
                f"POST /live/hooks/{question} HTTP/1.1\r\nHost: {urlsplit(self.site_url).netloc}\r\n"
                f"Authorization: Bearer {self.secret}\r\nContent-Type: application/json\r\n"
                f"X-Forwarded-Proto: https\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
            status = int((await reader.readline()).split()[1])
            size = 0
            while line := (await reader.readline()).strip().lower():
                if line.startswith(b"content-length:"):
                    size = int(line.partition(b":")[2])
            if size > MAX_ANSWER_BYTES:
                raise HookError("The service answered at endless length.")
            return status, json.loads(await reader.readexactly(size))
        finally:
            writer.close()


def read_secret(folder: Path) -> str:
    """What proves to the house that it is the ingest that asks; made on first need."""
    return read_or_create_secret(folder / "ingest.key", lambda: secrets.token_urlsafe(32).encode()).decode()

"""The broker, as the room process uses it: what is to be kept, what passes by, what is told.

Owns the stream in which nats-server keeps what viewers say until we have it. Never decides what becomes of it.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoRespondersError
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import BadRequestError, ServiceUnavailableError

from footlights.engagement import subjects
from footlights.engagement.adapters import trust
from footlights.engagement.adapters.presence import SERVERS, Presence
from footlights.engagement.records import Answer, Desk, Said, Snapshot
from footlights.engagement.wire import BODY_BYTES_MAX
from footlights.kernel.clock import now

STREAM, GROUP, WORK = "ROOMS", "rooms", "work.rooms"
TAKEN_AGAIN_AFTER_S = 2.0  # by another process, when the one that took it does not say that it is kept
WAITING_MAX_OF_A_VIEWER = 16  # of one kind: whoever floods fills their own place alone
KEPT_S = 3_600.0
KEPT_BYTES_MAX = 256 << 20
UNANSWERED_MAX = 5_000
RETRY_S = 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """Something said that the broker holds until `done` is called."""

    said: Said
    _message: Msg

    async def done(self) -> None:
        """It is in PostgreSQL, or will never be: the broker forgets it."""
        await self._message.ack()


class Broker:
    """One process's connection, and one to the account that may change who is let in."""

    def __init__(self, rooms: Client, system: Client, presence: Presence, keeper: str | None = None) -> None:
        self._rooms, self._system, self._keeper = rooms, system, keeper
        self.presence = presence

    async def take(
        self,
        on_kept: Callable[[Kept], None],
        on_reaction: Callable[[UUID, UUID, bytes], None],
        on_whole: Callable[[UUID], None],
    ) -> None:
        """Share what comes in with the other processes that take, until closed. All of them know who is here."""
        await self._prepare()

        async def kept(message: Msg) -> None:
            if place := subjects.read(message.subject):
                on_kept(Kept(Said(*place, message.data), message))
            else:
                await message.ack()

        async def passing(message: Msg) -> None:
            if place := subjects.read(message.subject):
                on_reaction(place[0], place[2], message.data)

        async def asked(message: Msg) -> None:
            if place := subjects.read(message.subject):
                on_whole(place[0])

        await self.presence.watch(self._system)
        await self._rooms.subscribe(subjects.ASKED_WHOLE, queue=GROUP, cb=asked)
        await self._rooms.subscribe(WORK, queue=GROUP, cb=kept)
        await self._rooms.subscribe(subjects.REACTIONS, queue=GROUP, cb=passing)
        await self._rooms.flush()

    async def tell(self, room_id: UUID, words: object) -> None:
        """Everybody in the room."""
        await self._rooms.publish(subjects.feed(room_id), msgspec.json.encode(words))

    async def answer(self, room_id: UUID, viewer_id: UUID, answer: Answer) -> None:
        """That viewer alone."""
        await self._rooms.publish(subjects.told(room_id, viewer_id), msgspec.json.encode(answer))

    async def tell_whole(self, room_id: UUID, snapshot: Snapshot) -> None:
        """Those who asked for the room as it is, and listen for it. One that is too big they fetch from the web."""
        words = msgspec.json.encode(snapshot)
        if len(words) <= self._rooms.max_payload:
            await self._rooms.publish(subjects.whole(room_id), words)

    async def tell_desk(self, room_id: UUID, desk: Desk) -> None:
        """Those who look after the room."""
        await self._rooms.publish(subjects.desk(room_id), msgspec.json.encode(desk))

    async def expel(self, revoked: Mapping[str, int]) -> None:
        """Void what was signed for these users until then: the broker closes their connections at once."""
        rooms = trust.trust().rooms.name
        words = trust.account_claims(now(), revoked=revoked)[rooms]
        await self._system.publish(f"$SYS.ACCOUNT.{rooms}.CLAIMS.UPDATE", words.encode())
        await self._system.flush()

    async def close(self) -> None:
        for client in (self._rooms, self._system):
            with suppress(Error, asyncio.TimeoutError):
                await client.close()

    async def _prepare(self) -> None:
        """The stream and its one consumer, which all processes share. Waits until whoever keeps them is there."""
        while True:
            try:
                return await self._settle()
            except (ServiceUnavailableError, NoRespondersError, TimeoutError):
                await asyncio.sleep(RETRY_S)

    async def _settle(self) -> None:
        """Safe for several at once."""
        stream = self._rooms.jetstream(domain=self._keeper)
        settings = StreamConfig(
            name=STREAM,
            subjects=list(subjects.KEPT_SUBJECTS),
            retention=RetentionPolicy.WORK_QUEUE,
            discard=DiscardPolicy.NEW,
            discard_new_per_subject=True,
            max_msgs_per_subject=WAITING_MAX_OF_A_VIEWER,
            max_age=KEPT_S,
            max_bytes=KEPT_BYTES_MAX,
            max_msg_size=BODY_BYTES_MAX,
            no_ack=True,  # the answer is ours, once it is in PostgreSQL; the broker's own could be sent to anybody
        )
        try:
            await stream.add_stream(settings)
        except BadRequestError:  # an earlier version's
            await stream.update_stream(settings)
        await stream.add_consumer(
            STREAM,
            ConsumerConfig(
                durable_name=GROUP,
                deliver_subject=WORK,
                deliver_group=GROUP,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=TAKEN_AGAIN_AFTER_S,
                max_ack_pending=UNANSWERED_MAX,
            ),
        )


async def connect(
    url: str, *, keeper: str | None = None, on_back: Callable[[], Awaitable[None]] | None = None
) -> Broker:
    """Wait until one of the brokers in `url` (with commas) is there. `keeper` is the domain of the one that keeps.

    Lost connections come back by themselves; then `on_back` is called, and when a broker of the cluster began anew.
    """
    presence = Presence()
    system = await _client(url, of_system=True, on_back=presence.look)
    if on_back is not None:
        await _notice_new_servers(system, on_back)
    return Broker(await _client(url, on_back=on_back), system, presence, keeper)


async def _notice_new_servers(system: Client, on_new: Callable[[], Awaitable[None]]) -> None:
    """One that begins anew has another id: it knows nobody whom the others put out."""
    known: set[str] = set()

    async def heard(message: Msg) -> None:
        name = message.subject.split(".")[2]
        if name not in known:
            known.add(name)
            await on_new()

    await system.subscribe(SERVERS, cb=heard)


async def _client(url: str, *, of_system: bool = False, on_back: Callable[[], Awaitable[None]] | None = None) -> Client:
    own = trust.service_key()

    def sign(nonce: str) -> bytes:
        return base64.urlsafe_b64encode(own.sign(nonce.encode())).rstrip(b"=")

    async def quiet(_error: Exception) -> None:
        """It is back in a moment; what was not answered comes again."""

    while True:
        try:
            return await nats.connect(
                url.split(","),
                user_jwt_cb=lambda: bytearray(trust.service_token(own, now(), of_system=of_system).encode()),
                signature_cb=sign,
                error_cb=quiet,
                reconnected_cb=on_back,
                max_reconnect_attempts=-1,
                reconnect_time_wait=RETRY_S,
                connect_timeout=5,
            )
        except (TimeoutError, OSError, Error):
            await asyncio.sleep(RETRY_S)

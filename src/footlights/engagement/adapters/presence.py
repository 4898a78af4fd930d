"""Who is in which room, by what the brokers say of their connections: no viewer has to say that they are here.

Owns the count: a viewer is one, with however many pages. Brokers tell of each connection that comes and goes. They are
asked for all of them at the start, when our own connection was lost, and now and then, as such a word may be lost.

https://docs.nats.io/running-a-nats-service/configuration/sys_accounts
"""

from collections import Counter
from itertools import count
from time import monotonic
from uuid import UUID

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from footlights.engagement.adapters import trust
from footlights.kernel.ids import parse_id

SERVERS = "$SYS.SERVER.*.STATSZ"  # every server of a cluster says every ten seconds, and at its start, that it is there
WHO = "$SYS.REQ.SERVER.PING.IDZ"
SILENT_S = 35.0  # a server that says nothing for so long is gone, and its viewers are elsewhere
PAGE = 500  # connections told at once: some 2 KiB each, and ours is cut off when 2 MiB wait

Viewer = tuple[str, str]  # the room, and the broker's name of a viewer in it


class _Server(msgspec.Struct):
    id: str


class _Client(msgspec.Struct):
    id: int
    user: str = ""
    tags: list[str] = []


class _Event(msgspec.Struct):
    server: _Server
    client: _Client


class _Connection(msgspec.Struct):
    cid: int
    authorized_user: str = ""
    tags: list[str] = []


class _Connections(msgspec.Struct):
    connections: list[_Connection] = []


class _Page(msgspec.Struct):
    data: _Connections


_event = msgspec.json.Decoder(_Event)
_page = msgspec.json.Decoder(_Page)
_server = msgspec.json.Decoder(_Server)


class Presence:
    """By server, and by its number of a connection."""

    def __init__(self) -> None:
        self._system: Client | None = None
        self._inbox = ""
        self._here: dict[str, dict[int, Viewer]] = {}
        self._meanwhile: dict[str, dict[int, Viewer | None]] = {}  # what is told while all are being listed
        self._heard_at: dict[str, float] = {}
        self._lost: set[str] = set()  # servers that were silent: if one speaks again after all, it is asked for all

    async def watch(self, system: Client) -> None:
        """From now on. `system` may read what the brokers say of all accounts."""
        self._system, self._inbox = system, system.new_inbox()
        account = f"$SYS.ACCOUNT.{trust.trust().rooms.name}"
        for subject, heard in (
            (f"{account}.CONNECT", self._came),
            (f"{account}.DISCONNECT", self._went),
            (SERVERS, self._lives),
            (self._inbox, self._answered),
        ):
            await system.subscribe(subject, cb=heard)
        await self.look()

    async def look(self) -> None:
        """Ask all servers for their connections. They answer in a moment."""
        if self._system is not None:
            await self._system.publish(WHO, reply=self._inbox)

    def count(self) -> Counter[UUID]:
        """How many viewers there are in each room."""
        since = monotonic() - SILENT_S
        for server in [each for each in self._here if self._heard_at[each] < since]:
            del self._here[server]
            self._lost.add(server)
        viewers = {viewer for here in self._here.values() for viewer in here.values()}
        rooms = Counter(room for room, _user in viewers)
        return Counter({UUID(room): many for room, many in rooms.items()})

    async def _came(self, message: Msg) -> None:
        event = _event.decode(message.data)
        if viewer := _viewer(event.client.user, event.client.tags):
            self._note(event.server.id, event.client.id, viewer)

    async def _went(self, message: Msg) -> None:
        event = _event.decode(message.data)
        self._note(event.server.id, event.client.id, None)

    def _note(self, server: str, number: int, viewer: Viewer | None) -> None:
        here = self._known(server)
        if viewer is None:
            here.pop(number, None)
        else:
            here[number] = viewer
        if server in self._meanwhile:
            self._meanwhile[server][number] = viewer

    async def _lives(self, message: Msg) -> None:
        server = message.subject.split(".")[2]
        self._known(server)
        if server in self._lost:
            self._lost.remove(server)
            await self._learn(server)

    def _known(self, server: str) -> dict[int, Viewer]:
        self._heard_at[server] = monotonic()
        return self._here.setdefault(server, {})

    async def _answered(self, message: Msg) -> None:
        await self._learn(_server.decode(message.data).id)

    async def _learn(self, server: str) -> None:
        """All connections of this server, unless that is on its way."""
        if server in self._meanwhile:
            return
        meanwhile = self._meanwhile[server] = {}
        try:
            listed = await self._list(server)
            self._known(server)
            self._here[server] = {number: viewer for number, viewer in (listed | meanwhile).items() if viewer}
        except (Error, TimeoutError):
            return  # it is asked again before long
        finally:
            del self._meanwhile[server]

    async def _list(self, server: str) -> dict[int, Viewer | None]:
        found: dict[int, Viewer | None] = {}
        asked = {"auth": True, "acc": trust.trust().rooms.name, "limit": PAGE}
        for offset in count(0, PAGE):
            words = msgspec.json.encode(asked | {"offset": offset})
            answer = await self._client().request(f"$SYS.REQ.SERVER.{server}.CONNZ", words, timeout=5)
            page = _page.decode(answer.data).data.connections
            found |= {each.cid: _viewer(each.authorized_user, each.tags) for each in page}
            if len(page) < PAGE:
                break
        return found

    def _client(self) -> Client:
        if self._system is None:
            raise RuntimeError("It watches nobody yet.")
        return self._system


def _viewer(user: str, tags: list[str]) -> Viewer | None:
    """None for one of our own processes."""
    return (tags[0], user) if tags and parse_id(tags[0]) else None

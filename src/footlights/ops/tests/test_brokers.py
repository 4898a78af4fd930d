"""Rooms on a cluster of brokers: whoever is at which hears the same, and one that is killed takes nothing with it."""

import asyncio
import json
import os
import re
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_channel
from footlights.engagement import subjects
from footlights.engagement.api import connect
from footlights.engagement.models import MessageRow
from footlights.engagement.subjects import Kind
from footlights.kernel import environment
from footlights.kernel.testing import run_apart
from footlights.ops.engines import nats
from footlights.ops.testing import brokers, start_broker
from footlights.ops.tests.test_caddy import running_edge
from footlights.ops.tests.test_room import Viewer, lets_in, room, room_process, viewer_of

__all__ = ["room"]


@asynccontextmanager
async def many_listen(urls):
    """As a room does that is not small: each viewer for what they alone are told."""
    listening = [await connect(urls) for _each in range(8)]
    for each in listening:
        for _viewer in range(40):
            await each._rooms.subscribe(subjects.told(uuid4(), uuid4()))
    yield
    for each in listening:
        await each.close()


async def opens(url, token):
    """Whether this broker lets somebody in, once it is there."""
    for _each in range(100):
        try:
            return await lets_in(url, token)
        except OSError:
            await asyncio.sleep(0.1)
    raise AssertionError("the broker is not back")


async def is_refused(url, token):
    """Whether it comes to refuse them."""
    for _each in range(100):
        if not await opens(url, token):
            return True
        await asyncio.sleep(0.1)
    return False


def test_a_killed_broker_costs_nobody_a_word_and_the_new_one_knows_who_was_put_out(room, tmp_path):
    creator = type("Person", (), {"id": get_channel(room.channel_id).owner_id})
    maya, vera, sam = viewer_of(room, creator), viewer_of(room, make_person()), viewer_of(room, make_person())
    banned = viewer_of(room, make_person())

    async def live(processes):
        first, second = os.environ[nats.URL].split(",")
        async with room_process(first + "," + second), many_listen(first + "," + second):
            here, there = await Viewer(*vera).enter(first), await Viewer(*sam).enter(second)
            staff = await Viewer(*maya).enter(second)
            assert await here.ask(Kind.SAY, key="from-first", text="one") == ""
            assert await there.ask(Kind.SAY, key="from-second", text="two") == ""
            await asyncio.gather(
                *(each.until(lambda each=each: texts(each) >= {"one", "two"}) for each in (here, there))
            )
            assert await staff.ask(Kind.STAFF, key="ban-00000", act="ban", viewer=banned[1]) == ""
            assert [await is_refused(each, banned[2]) for each in (first, second)] == [True, True]

            processes["nats"].kill()
            processes["nats"].wait()
            assert await there.ask(Kind.SAY, key="while-away", text="three") == ""
            broker = nats.plan()[0]
            processes["nats"] = start_broker(replace(environment.load(), home=tmp_path), broker)
            assert await is_refused(first, banned[2])
            back = await Viewer(*vera).enter(first)
            assert [each["text"] for each in (await whole(back))["said"]] == ["one", "two", "three"]
            assert await back.ask(Kind.SAY, key="back-again", text="four") == ""
            await there.until(lambda: "four" in texts(there))

            processes["nats-2"].kill()  # whichever of both the keeper was at
            processes["nats-2"].wait()
            assert await back.ask(Kind.SAY, key="other-away", text="other") == ""
            processes["nats-2"] = start_broker(replace(environment.load(), home=tmp_path), nats.plan()[1])
            there = await Viewer(*sam).enter(second) if await opens(second, sam[2]) else there

            processes["nats-keeper"].kill()
            processes["nats-keeper"].wait()
            await there.send(Kind.SAY, key="unkept-000", text="five")
            processes["nats-keeper"] = start_broker(replace(environment.load(), home=tmp_path), nats.plan()[2])
            assert await there.ask(Kind.SAY, key="unkept-000", text="five") == ""
            for each in (back, there, staff):
                await each.client.close()

    with brokers(2, tmp_path) as processes:
        run_apart(live(processes))
    assert list(MessageRow.objects.order_by("said_at").values_list("text", flat=True)) == [
        "one", "two", "three", "four", "other", "five",
    ]  # fmt: skip


async def socket_of(port):
    """A browser's WebSocket through the edge, and the name of the broker that it is at."""
    for _each in range(100):
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        await asyncio.sleep(0.1)
    writer.write(
        f"GET /rooms/socket HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    info = await reader.readuntil(b"}")  # the first words of a broker, in a frame
    return re.search(rb'"server_name":"([^"]+)"', info)[1].decode(), reader, writer


def test_the_edge_spreads_viewers_over_the_brokers_and_goes_on_with_those_that_are_left(tmp_path):
    async def live(processes, port):
        sockets = [await socket_of(port) for _each in range(8)]
        assert Counter(name for name, _reader, _writer in sockets) == {"nats": 4, "nats-2": 4}
        processes["nats"].kill()
        for name, reader, _writer in sockets:
            if name == "nats":
                await asyncio.wait_for(reader.read(), 10)  # to its end
        again = [await socket_of(port) for _each in range(4)]
        assert {name for name, _reader, _writer in again} == {"nats-2"}
        for _name, _reader, writer in (*sockets, *again):
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    with brokers(2, tmp_path) as processes, running_edge(tmp_path) as url:
        run_apart(live(processes, urlsplit(url).port))


def texts(viewer):
    return {said["text"] for change in viewer.heard for said in change.get("said", [])}


async def whole(viewer):
    """As a browser that was away: listens for the room as it is, and asks for it."""
    told = asyncio.get_running_loop().create_future()

    async def hear(message):
        if not told.done():
            told.set_result(json.loads(message.data))

    await viewer.client.subscribe(subjects.whole(viewer.room.id), cb=hear)
    for _each in range(20):  # the new broker may not know yet who listens at the others
        await viewer.client.publish(subjects.said(viewer.room.id, Kind.WHOLE, viewer.viewer_id), b"")
        done, _waiting = await asyncio.wait([told], timeout=1)
        if done:
            return told.result()
    raise AssertionError("nobody told the room")

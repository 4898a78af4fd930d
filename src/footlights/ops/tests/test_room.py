"""The room process with a real broker: what a viewer's token lets them do, and that nothing answered is lost."""

import asyncio
import json
import os
import subprocess
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from urllib.parse import urlsplit

import nats
import psutil
import pytest
from django.db import connection
from msgspec import UNSET

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.engagement import subjects
from footlights.engagement.adapters.tokens import TOKEN_LIFE, viewer_token
from footlights.engagement.api import Change, connect, enter_room
from footlights.engagement.models import MessageRow, PollRow, VoteRow
from footlights.engagement.mood.models import MoodRow
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import came, make_room, make_viewer, said, take
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.testing import run_apart
from footlights.ops.engines import nats as nats_servers
from footlights.ops.engines.room import RoomProcess
from footlights.ops.processes import child_options
from footlights.ops.up import ours

VOTERS = 120


class Viewer:
    """One browser's connection."""

    def __init__(self, room, viewer_id, token):
        self.room, self.viewer_id, self.token = room, viewer_id, token
        self.heard, self.answers, self.errors = [], {}, []
        self.arrived = asyncio.Condition()
        self.put_out = asyncio.Event()

    async def enter(self, url):
        async def error(problem):
            self.errors.append(str(problem))

        async def put_out():
            self.put_out.set()

        self.client = await nats.connect(
            url,
            user_jwt_cb=lambda: bytearray(self.token.encode()),
            signature_cb=lambda _nonce: b"",
            error_cb=error,
            disconnected_cb=put_out,
            allow_reconnect=False,
            max_reconnect_attempts=1,  # nor to a broker that is not there
            reconnect_time_wait=0.1,
        )

        async def feed(message):
            async with self.arrived:
                self.heard.append(json.loads(message.data))
                self.arrived.notify_all()

        async def told(message):
            async with self.arrived:
                answer = json.loads(message.data)
                self.answers.setdefault(answer["key"], answer.get("refused", ""))  # as in a browser, the first counts
                self.arrived.notify_all()

        await self.client.subscribe(subjects.feed(self.room.id), cb=feed)
        await self.client.subscribe(subjects.told(self.room.id, self.viewer_id), cb=told)
        await self.client.flush()
        return self

    async def send(self, kind, *, key="abcdefgh", **body):
        words = json.dumps({"key": key, **body}, default=str).encode()
        await self.client.publish(subjects.said(self.room.id, kind, self.viewer_id), words)

    async def ask(self, kind, *, key="abcdefgh", **body):
        """As a browser does: the same again until it is answered. Returns why it was refused."""
        for _each in range(40):
            await self.send(kind, key=key, **body)
            with suppress(TimeoutError):
                await self.until(lambda: key in self.answers, within_s=1)
                return self.answers[key]
        raise AssertionError("nobody answered")

    async def until(self, condition, within_s=10):
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(condition), within_s)


async def lets_in(url, token):
    """What the broker says to whoever shows this token: by its own protocol, as the library leaves a socket behind."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    await reader.readline()
    words = json.dumps({"jwt": token, "sig": "", "verbose": False, "pedantic": False, "lang": "test", "version": "1"})
    writer.write(f"CONNECT {words}\r\nPING\r\n".encode())
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer == b"PONG\r\n"


def viewer_of(room, person=None):
    entry = enter_room(room, person_id=person and person.id, came=came(), at=now())
    return room, entry.viewer_id, entry.token


@asynccontextmanager
async def room_process(url):
    process, stop = RoomProcess(), asyncio.Event()
    broker = await connect(url, keeper=nats_servers.keeper(), on_back=process.expel)
    serving = asyncio.create_task(process.serve(broker, stop))
    try:
        yield process
    finally:
        stop.set()
        await serving


@pytest.fixture
def room(transactional_db):
    return make_room(make_channel(make_person(display_name="Maya")))


async def refused(client, subject):
    """Whether the broker lets nobody publish or subscribe there with this connection."""
    client.errors.clear()
    await client.client.publish(subject, b"{}")
    await client.client.subscribe(subject)
    for _each in range(100):
        if len(client.errors) == 2:
            return all("permissions violation" in each.lower() for each in client.errors)
        await asyncio.sleep(0.01)
    return False


def test_a_viewer_speaks_for_themselves_alone_and_hears_their_room_alone(room, broker_url):
    other = make_room(make_channel(make_person()))
    person = make_person(display_name="Vera")
    vera, guest, victim = viewer_of(room, person), viewer_of(room), make_viewer(room, make_person())

    async def live():
        async with room_process(broker_url) as process:
            viewer, visitor = await Viewer(*vera).enter(broker_url), await Viewer(*guest).enter(broker_url)
            assert await viewer.ask(Kind.SAY, text="Good evening") == ""
            await visitor.until(lambda: any(each.get("said") for each in visitor.heard))
            await visitor.client.publish(subjects.said(room.id, Kind.REACT, visitor.viewer_id), "❤".encode())
            await viewer.until(lambda: {"r": {"❤": 1}} in viewer.heard)
            await process.feel(timedelta())
            assert all(
                [
                    await refused(viewer, subjects.said(room.id, Kind.SAY, victim)),
                    await refused(viewer, subjects.said(other.id, Kind.SAY, viewer.viewer_id)),
                    await refused(viewer, subjects.said(room.id, Kind.STAFF, viewer.viewer_id)),
                    await refused(viewer, subjects.feed(other.id)),
                    await refused(viewer, subjects.told(room.id, victim)),
                    await refused(viewer, subjects.whole(other.id)),
                    await refused(viewer, "work.rooms"),
                    await refused(viewer, "$JS.API.STREAM.DELETE.ROOMS"),
                    await refused(viewer, "$JS.API.CONSUMER.CREATE.ROOMS"),
                    await refused(viewer, "room.>"),
                    await refused(visitor, subjects.said(room.id, Kind.VOTE, visitor.viewer_id)),
                ]
            )
            for each in (viewer, visitor):
                await each.client.close()

    run_apart(live())
    assert [row.text for row in MessageRow.objects.all()] == ["Good evening"]
    moods = MoodRow.objects.order_by("language").values_list("language", "people", "warm")
    assert list(moods) == [("", 1, 1), ("en", 1, 1)]


def test_who_is_here_is_counted_once_however_many_pages_they_have_until_the_last_is_closed(room, broker_url):
    vera, guests = viewer_of(room, make_person()), [viewer_of(room), viewer_of(room)]

    async def live():
        pages = [await Viewer(*vera).enter(broker_url) for _each in range(2)]  # there before the room process is
        async with room_process(broker_url) as process:

            async def counts(many):
                for _each in range(500):
                    if process._broker and process._broker.presence.count()[room.id] == many:
                        return True
                    await asyncio.sleep(0.02)
                return False

            assert await counts(1)
            visitor = await Viewer(*guests[0]).enter(broker_url)
            assert await counts(2)
            await pages.pop().client.close()
            other = await Viewer(*guests[1]).enter(broker_url)
            assert await counts(3)
            await pages.pop().client.close()
            assert await counts(2)
            await visitor.until(lambda: any(each.get("here") == 2 for each in visitor.heard))
            for each in (visitor, other):
                await each.client.close()
            assert await counts(0)

    run_apart(live())


def test_a_change_takes_with_it_who_is_here_and_what_was_felt_and_then_there_is_no_pulse():
    process, room_id = RoomProcess(), new_id()
    process._here[room_id] = 12
    process._react(room_id, new_id(), "❤".encode())
    first, second = (process._with_what_is_due(room_id, Change(v=number)) for number in (1, 2))
    assert (first.here, first.r) == (12, {"❤": 1})
    assert (second.here, second.r) == (UNSET, {})
    assert process._pulses({room_id: 2}) == {}
    assert process._pulses({room_id: 2}) == {room_id: {"now": 2, "here": 12}}


def test_an_expired_token_and_one_that_another_signed_open_nothing(room, broker_url):
    kinds = subjects.PERSON_KINDS
    old = viewer_token(room_id=room.id, viewer_id=new_id(), kinds=kinds, at=now() - TOKEN_LIFE - timedelta(seconds=1))
    good = viewer_token(room_id=room.id, viewer_id=new_id(), kinds=kinds, at=now())
    head, body, signature = good.split(".")
    forged = ".".join([head, body, signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")])

    async def live():
        assert [await lets_in(broker_url, token) for token in (good, old, forged, "")] == [True, False, False, False]

    run_apart(live())


def test_who_is_banned_is_put_out_at_once_and_their_token_opens_nothing_more(room, broker_url):
    from footlights.catalog.api import get_channel

    creator = type("Person", (), {"id": get_channel(room.channel_id).owner_id})
    maya, vera = viewer_of(room, creator), viewer_of(room, make_person())

    async def live():
        async with room_process(broker_url):
            staff, viewer = await Viewer(*maya).enter(broker_url), await Viewer(*vera).enter(broker_url)
            assert await staff.ask(Kind.STAFF, act="ban", viewer=viewer.viewer_id) == ""
            await asyncio.wait_for(viewer.put_out.wait(), 5)
            assert not await lets_in(broker_url, viewer.token)
            assert staff.client.is_connected
            await staff.client.close()

    run_apart(live())


def test_a_viewer_who_floods_is_told_to_slow_down_and_the_others_are_heard(room, broker_url):
    vera, sam = viewer_of(room, make_person()), viewer_of(room, make_person())

    async def live():
        async with room_process(broker_url):
            flood, viewer = await Viewer(*vera).enter(broker_url), await Viewer(*sam).enter(broker_url)
            assert await viewer.ask(Kind.SAY, key="hello-00", text="hello") == ""
            for number in range(12):
                await flood.send(Kind.SAY, key=f"flood-{number:04}", text="x")
            assert await viewer.ask(Kind.SAY, text="hello again") == ""
            await flood.until(lambda: len(flood.answers) == 12)
            assert list(flood.answers.values()).count("fast") == 6
            for each in (flood, viewer):
                await each.client.close()

    run_apart(live())


@pytest.mark.service
def test_a_killed_room_process_loses_no_vote_and_another_goes_on(room, broker_url):
    """Two real processes, one of them killed while all vote: everybody is answered, and the tally is the votes."""
    from footlights.catalog.api import get_channel

    creator_id = make_viewer(room, type("Person", (), {"id": get_channel(room.channel_id).owner_id}))
    opened = take(said(room, creator_id, Kind.STAFF, act="open-poll", question="Which?", choices=["a", "b", "c"]))
    poll = opened.changes[0][1].polls[0].id
    voters = [
        (room, viewer_id, viewer_token(room_id=room.id, viewer_id=viewer_id, kinds=subjects.PERSON_KINDS, at=now()))
        for viewer_id in (make_viewer(room, type("Person", (), {"id": new_id()})) for _each in range(VOTERS))
    ]
    settings = {
        **os.environ,
        "DATABASE_URL": f"postgresql:///{connection.settings_dict['NAME']}?host={connection.settings_dict['HOST']}&user=footlights",
    }
    command = ours("crew", "room", "room")
    crew = subprocess.Popen(
        command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **child_options()
    )

    async def live():
        viewers = [await Viewer(*each).enter(broker_url) for each in voters]
        assert await viewers[0].ask(Kind.VOTE, poll=poll, choices=[0]) == ""
        voting = asyncio.gather(
            *(viewer.ask(Kind.VOTE, poll=poll, choices=[at % 3]) for at, viewer in enumerate(viewers))
        )
        await asyncio.sleep(0)
        psutil.Process(crew.pid).children()[0].kill()
        assert set(await voting) == {""}
        for viewer in viewers:
            await viewer.client.close()

    try:
        run_apart(live())
    finally:
        crew.terminate()
        crew.wait(30)
    row = PollRow.objects.get()
    assert (row.counts, row.voters, VoteRow.objects.count()) == ([VOTERS // 3] * 3, VOTERS, VOTERS)

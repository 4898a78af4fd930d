"""One of the brokers that carry a room is killed in the middle of a poll: nobody's answered vote is lost or twice."""

import asyncio
import os

import pytest
from nats.errors import Error

from footlights.catalog.api import get_channel
from footlights.engagement import subjects
from footlights.engagement.adapters.tokens import viewer_token
from footlights.engagement.models import PollRow, VoteRow
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import make_viewer, said, take
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.testing import run_apart
from footlights.ops.engines import nats
from footlights.ops.testing import brokers
from footlights.ops.tests.test_room import Viewer, room, room_process

__all__ = ["room"]

VOTERS, VOTE_S = 240, 3.0


def viewer_in(room, person_id):
    return make_viewer(room, type("Person", (), {"id": person_id}))


async def vote(viewer, at, poll, urls):
    """As a browser does: comes back at whichever broker is there, and sends again what nobody answered."""
    await asyncio.sleep(at / VOTERS * VOTE_S)
    while True:
        try:
            return await viewer.ask(Kind.VOTE, poll=poll, choices=[at % 3])
        except (Error, OSError):
            await asyncio.sleep(0.2)
        for url in urls:
            try:
                await viewer.enter(url)
                break
            except (Error, OSError):
                continue


@pytest.mark.parametrize("killed", ["nats", "nats-2"])
def test_a_carrier_killed_in_the_middle_of_a_poll_loses_no_vote(room, tmp_path, killed):
    creator_id = viewer_in(room, get_channel(room.channel_id).owner_id)
    opened = take(said(room, creator_id, Kind.STAFF, act="open-poll", question="Which?", choices=["a", "b", "c"]))
    poll = opened.changes[0][1].polls[0].id
    voters = [viewer_in(room, new_id()) for _each in range(VOTERS)]
    kinds, at = subjects.PERSON_KINDS, now()
    tokens = [viewer_token(room_id=room.id, viewer_id=each, kinds=kinds, at=at) for each in voters]

    async def live(processes):
        urls = os.environ[nats.URL].split(",")
        async with room_process(",".join(urls)):
            viewers = [
                await Viewer(room, *each).enter(urls[at % 2])
                for at, each in enumerate(zip(voters, tokens, strict=True))
            ]
            voting = asyncio.gather(*(vote(viewer, at, poll, urls) for at, viewer in enumerate(viewers)))
            while sum(len(viewer.answers) for viewer in viewers) < VOTERS // 4:  # noqa: ASYNC110  it is in many places
                await asyncio.sleep(0.01)
            assert not voting.done()
            processes[killed].kill()
            processes[killed].wait()
            assert set(await voting) == {""}
            assert sum(viewer.put_out.is_set() for viewer in viewers) == VOTERS // 2
            for viewer in viewers:
                await viewer.client.close()

    with brokers(2, tmp_path) as processes:
        run_apart(live(processes))
    row = PollRow.objects.get()
    assert (row.counts, row.voters, VoteRow.objects.count()) == ([VOTERS // 3] * 3, VOTERS, VOTERS)

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from footlights.ingest.api import Latency
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.live import policies
from footlights.live.records import Access, Broadcast, NewBroadcast, Replay, Signal, State
from footlights.live.testing import make_ticket

AT = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)
CHANNEL = new_id()


def a_broadcast(**fields: Any) -> Broadcast:
    usual: dict[str, Any] = {
        "id": new_id(), "channel_id": CHANNEL, "name": "An evening", "words": "", "poster_id": None, "token": "t", "starts_at": AT, "sequence": 0,
        "access": Access.EVERYBODY, "tier": None, "is_listed": True, "starts_by_itself": False, "replay": Replay.SHARED, "latency": Latency.STANDARD,
        "state": State.PLANNED, "on_air_at": None, "ended_at": None, "recording_title_id": None,
        "signal": Signal(None, False, {}, ""),
    }  # fmt: skip
    return Broadcast(**(usual | fields))


def test_a_sender_goes_to_what_is_on_air():
    on_air, planned = a_broadcast(state=State.ON_AIR, starts_at=AT - timedelta(days=2)), a_broadcast()
    assert policies.broadcast_to_send_to([planned, on_air], AT) is on_air


def test_else_to_the_nearest_that_is_near():
    near, later = a_broadcast(starts_at=AT + timedelta(hours=1)), a_broadcast(starts_at=AT + timedelta(hours=3))
    assert policies.broadcast_to_send_to([later, near], AT) is near
    assert policies.broadcast_to_send_to([a_broadcast(starts_at=AT + timedelta(days=2))], AT) is None
    assert policies.broadcast_to_send_to([a_broadcast(state=State.ENDED)], AT) is None


def test_a_cancelled_broadcast_has_no_page_for_others():
    assert policies.is_visible(a_broadcast())
    assert not policies.is_visible(a_broadcast(state=State.CANCELLED))


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        pytest.param(NewBroadcast("  "), "name", id="no name"),
        pytest.param(NewBroadcast("x" * 151), "name", id="a long name"),
        pytest.param(NewBroadcast("x", words="y" * 5_001), "words", id="many words"),
        pytest.param(NewBroadcast("x", starts_at=AT + timedelta(days=400)), "starts_at", id="too far"),
        pytest.param(NewBroadcast("x", starts_at=AT - timedelta(days=3)), "starts_at", id="long past"),
        pytest.param(NewBroadcast("x", access=Access.MEMBERS), "tier", id="members of no tier"),
        pytest.param(NewBroadcast("x", access=Access.TICKETS), "price", id="tickets for no price"),
        pytest.param(
            NewBroadcast("x", access=Access.TICKETS, ticket=make_ticket(replay_days=7), replay=Replay.NONE),
            "afterwards",
            id="tickets to a recording that nobody keeps",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan, field):
    with pytest.raises(InvalidInputError) as caught:
        policies.check_plan(plan, AT)
    assert caught.value.field == field


def test_tickets_to_the_broadcast_alone_need_no_recording():
    ticket = make_ticket(replay_days=0)
    assert policies.check_plan(NewBroadcast("x", access=Access.TICKETS, ticket=ticket, replay=Replay.NONE), AT).ticket


def test_a_plan_without_a_moment_starts_now():
    assert policies.check_plan(NewBroadcast(" An  evening "), AT) == NewBroadcast("An evening", "", AT)

"""The conversation beside a recording: its creator shows it or does not, and it is not shown beside another film."""

from datetime import timedelta

import pytest
from django.urls import reverse

from footlights.audit.api import list_records_of_channel
from footlights.catalog import api as catalog
from footlights.catalog.testing import make_title
from footlights.engagement.api import find_replay
from footlights.engagement.operations.leave_replaced import leave_replaced
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_replay, make_room, make_viewer, said, take
from footlights.kernel.clock import now
from footlights.kernel.shared import forget_everything
from footlights.kernel.testing import run_jobs
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import make_offer
from footlights.web.studio.tests.test_editor import send


def test_the_conversation_beside_a_recording_is_switched_off_and_on_again(as_creator, channel, creator):
    title, room = make_title(channel), make_room(channel)
    make_offer(title, "free")
    address = reverse("studio:title", args=[title.id])
    assert "Show the conversation" not in as_creator.get(address).content.decode()
    assert send(as_creator, title, "conversation", {}).status_code == 404  # there is none
    take(said(room, make_viewer(room, creator), Kind.SAY, text="Hello"), at=BEGAN)
    make_replay(room, title.id)
    assert "Show the conversation" in as_creator.get(address).content.decode()
    for sent, shown, status in (({}, False, 404), ({"is_shown": "on"}, True, 200)):
        for _twice in range(2):
            answer = send(as_creator, title, "conversation", sent, htmx=True)
            assert ("checked" in answer.content.decode()) == shown
        forget_everything()
        assert as_creator.get(f"/replay/{title.id}").status_code == status
    told = [
        each.after.get("conversation")
        for each in list_records_of_channel(channel.id, limit=20)
        if each.act == "title.changed"
    ]
    assert sorted(filter(None, told)) == ["hidden", "shown"]


@pytest.mark.media
def test_another_file_switches_the_conversation_off_and_its_creator_may_switch_it_on_again(
    as_creator, channel, creator
):
    first, second = (make_ready_asset(creator.id).id for _ in range(2))
    title, room = make_title(channel, asset_id=first), make_room(channel)
    take(said(room, make_viewer(room, creator), Kind.SAY, text="Hello"), at=BEGAN)
    make_replay(room, title.id)
    address = reverse("studio:title", args=[title.id])
    assert "You gave this recording another file" not in as_creator.get(address).content.decode()
    catalog.replace_file(title_id=title.id, editor_id=creator.id, asset_id=second, at=now())
    run_jobs(only="leave_another_film_alone")
    assert not find_replay(title.id).is_shown
    assert "You gave this recording another file" in as_creator.get(address).content.decode()
    send(as_creator, title, "conversation", {"is_shown": "on"})
    run_jobs()
    assert find_replay(title.id).is_shown
    leave_replaced(title_id=title.id, at=now() - timedelta(minutes=5))  # told again
    assert find_replay(title.id).is_shown

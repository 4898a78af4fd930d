"""What is done to channels and titles is in the trail: who, what before, what after, and for whom to see."""

from datetime import timedelta

import pytest

from footlights.audit.testing import recorded
from footlights.catalog import api
from footlights.catalog.operations.announce_due import announce_due
from footlights.catalog.operations.purge_titles import purge_titles
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.media.testing import make_ready_asset

pytestmark = pytest.mark.django_db


def told(act: str):
    [only] = recorded(act)
    return only


def test_the_life_of_a_channel_is_told(creator):
    channel = api.open_channel(owner_id=creator.id, handle="projector", name="Projector", at=now())
    api.edit_channel(channel_id=channel.id, editor_id=creator.id, name="Projectors", at=now())
    api.edit_channel(channel_id=channel.id, editor_id=creator.id, name="Projectors", at=now())
    assert told("channel.opened").after == {"handle": "projector", "name": "Projector"}
    changed = told("channel.changed")
    assert (changed.before, changed.after) == ({"name": "Projector"}, {"name": "Projectors"})
    assert (changed.channel_id, changed.person_ids) == (channel.id, (creator.id,))


def test_the_life_of_a_title_is_told(creator, channel):
    at = now()
    title = api.create_title(channel_id=channel.id, editor_id=creator.id, name="Night Train", at=at)
    who = {"title_id": title.id, "editor_id": creator.id, "at": at}
    api.edit_title(**who, description="x" * 500, tags=["noir"])
    api.edit_title(**who, description="x" * 500, tags=["noir"])
    api.unlist_title(**who)
    api.unlist_title(**who)
    api.delete_title(**who)
    api.delete_title(**who)
    api.restore_title(**who)
    api.restore_title(**who)
    assert [each.act for each in recorded() if each.object_id == str(title.id)] == [
        "title.created",
        "title.changed",
        "title.publication_changed",
        "title.deleted",
        "title.restored",
    ]
    changed = told("title.changed")
    assert changed.after["tags"] == ["noir"]
    assert len(changed.after["description"]) == 200
    moved = told("title.publication_changed")
    assert (moved.before["state"], moved.after["state"], moved.after["name"]) == ("draft", "unlisted", "Night Train")
    assert (moved.channel_id, moved.person_ids) == (channel.id, (creator.id,))


def test_what_the_service_does_to_titles_by_itself_is_told_as_its_own(creator, channel):
    at = now()
    due = make_title(channel, state="scheduled", publish_at=at - timedelta(minutes=1))
    old = make_title(channel)
    api.delete_title(title_id=old.id, editor_id=creator.id, at=at - timedelta(days=40))
    announce_due(at=at)
    purge_titles(at=at)
    published, purged = told("title.publication_changed"), told("title.purged")
    assert (published.object_id, published.actor_id) == (str(due.id), None)
    assert (purged.object_id, purged.actor_id) == (str(old.id), None)


def test_another_file_is_told(creator, channel):
    title = make_title(channel)
    asset = make_ready_asset(creator.id)
    api.replace_file(title_id=title.id, editor_id=creator.id, asset_id=asset.id, at=now())
    assert told("title.changed").after == {"name": title.name, "file": "replaced"}


def test_changing_many_titles_is_told_of_each(creator, channel):
    ids = [make_title(channel).id for _ in range(3)]
    api.move_titles(title_ids=ids, editor_id=creator.id, move="unlist", at=now())
    assert {each.object_id for each in recorded("title.publication_changed")} == {str(each) for each in ids}


def test_what_a_stranger_is_refused_leaves_no_trace_of_having_happened(channel):
    title = make_title(channel)
    before = len(recorded())
    with pytest.raises(NotFoundError):
        api.delete_title(title_id=title.id, editor_id=new_id(), at=now())
    assert len(recorded()) == before

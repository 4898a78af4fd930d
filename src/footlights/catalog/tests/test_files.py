"""Which file a title plays: the first, a better one later, and none that is another's."""

from datetime import timedelta
from uuid import uuid4

import pytest

from footlights.catalog import api, models
from footlights.catalog.events import TitlePlayable, TitlePublished
from footlights.catalog.operations.announce_due import announce_due
from footlights.catalog.operations.discard_asset import discard_asset
from footlights.catalog.operations.follow_asset import accept_asset, attach_upload
from footlights.catalog.operations.purge_titles import purge_titles
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel import events
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media
from footlights.media.testing import make_ready_asset, make_upload

pytestmark = pytest.mark.media


@pytest.fixture
def told(monkeypatch):
    """What the catalog publishes, while it still publishes it."""
    published = []
    publish = events.publish
    monkeypatch.setattr(events, "publish", lambda event: (published.append(event), publish(event)))
    return published


@pytest.fixture
def asset(creator):
    return make_ready_asset(creator.id)


def replace(title, editor, **file):
    return api.replace_file(title_id=title.id, editor_id=editor.id, at=now(), **file)


def test_a_draft_takes_length_kind_and_poster_from_its_file(creator, channel, asset):
    title = api.create_title(channel_id=channel.id, editor_id=creator.id, name="Dusk", asset_id=asset.id, at=now())
    assert (title.playable, title.kind, title.duration_ms) == (True, asset.kind, asset.duration_ms)
    assert title.poster == asset.poster_candidates[0]


def test_a_titles_upload_becomes_its_file_once_it_is_whole(creator, channel):
    begun = media.start_upload(owner_id=creator.id, filename="a.mp4", size_bytes=10, content_type="video/mp4", at=now())
    title = api.create_title(channel_id=channel.id, editor_id=creator.id, name="Dusk", upload_id=begun.id, at=now())
    assert (title.upload_id, title.asset_id) == (begun.id, None)
    again = api.create_title(channel_id=channel.id, editor_id=creator.id, name="Other", upload_id=begun.id, at=now())
    assert again.id == title.id
    whole = make_upload(creator.id)
    models.Title.objects.filter(pk=title.id).update(upload_id=whole.id)
    for _twice in range(2):
        attach_upload(upload_id=whole.id, asset_id=whole.asset_id, owner_id=creator.id, at=now())
    assert api.get_title(title.id).asset_id == whole.asset_id
    assert not api.get_title(title.id).playable


def test_an_upload_that_is_whole_already_is_taken_at_once(creator, channel):
    whole = make_upload(creator.id)
    title = api.create_title(channel_id=channel.id, editor_id=creator.id, name="Dusk", upload_id=whole.id, at=now())
    assert title.asset_id == whole.asset_id


def test_anothers_upload_and_asset_are_not_found(creator, stranger, channel):
    theirs = make_upload(stranger.id)
    for file in (
        {"upload_id": theirs.id},
        {"asset_id": theirs.asset_id},
        {"asset_id": uuid4()},
        {"upload_id": uuid4()},
    ):
        with pytest.raises(NotFoundError):
            api.create_title(channel_id=channel.id, editor_id=creator.id, name="Mine", at=now(), **file)
        with pytest.raises(NotFoundError):
            replace(make_title(channel), creator, **file)
    attach_upload(upload_id=theirs.id, asset_id=theirs.asset_id, owner_id=stranger.id, at=now())


def test_the_old_file_plays_until_the_new_one_can(creator, channel, asset):
    title = make_title(channel, asset_id=asset.id)
    whole = make_upload(creator.id)
    waiting = replace(title, creator, upload_id=whole.id)
    assert (waiting.asset_id, waiting.next_asset_id, waiting.playable) == (asset.id, whole.asset_id, True)
    accept_asset(asset_id=whole.asset_id, at=now())
    assert api.get_title(title.id).asset_id == asset.id


def test_a_new_file_that_plays_takes_over_at_the_same_address_with_its_captions(creator, channel, asset):
    title = make_title(channel, asset_id=asset.id, poster_id=asset.poster_candidates[1].id)
    media.add_captions(
        asset_id=asset.id, owner_id=creator.id, language="en", filename="a.vtt", at=now(),
        body=b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n",
    )  # fmt: skip
    better = make_ready_asset(creator.id)
    swapped = replace(title, creator, asset_id=better.id)
    assert (swapped.asset_id, swapped.next_asset_id, swapped.path) == (better.id, None, title.path)
    assert [caption.language for caption in media.list_captions(better.id)] == ["en"]
    assert swapped.poster == asset.poster_candidates[1]
    discard_asset(asset_id=asset.id, title_id=title.id, at=now())
    assert media.list_assets([asset.id]) == {}
    assert api.get_title(title.id).poster == asset.poster_candidates[1]
    discard_asset(asset_id=asset.id, title_id=title.id, at=now())


def test_a_file_somebody_plays_is_never_discarded(creator, channel, asset):
    title = make_title(channel, asset_id=asset.id)
    discard_asset(asset_id=asset.id, title_id=title.id, at=now())
    assert asset.id in media.list_assets([asset.id])


def test_a_replacement_can_be_called_off(creator, channel, asset):
    title = make_title(channel, asset_id=asset.id)
    replace(title, creator, upload_id=make_upload(creator.id).id)
    kept = api.cancel_replacement(title_id=title.id, editor_id=creator.id, at=now())
    assert (kept.asset_id, kept.next_asset_id, kept.upload_id) == (asset.id, None, None)


def test_two_titles_never_share_a_file(creator, channel, asset):
    make_title(channel, asset_id=asset.id)
    with pytest.raises(InvalidInputError, match="belongs to another title"):
        replace(make_title(channel), creator, asset_id=asset.id)
    other = make_channel(creator, handle="other")
    with pytest.raises((InvalidInputError, NotFoundError)):
        api.create_title(channel_id=other.id, editor_id=creator.id, name="Copy", asset_id=asset.id, at=now())


def test_one_upload_is_one_title_only(creator, channel):
    whole = make_upload(creator.id)
    api.create_title(channel_id=channel.id, editor_id=creator.id, name="Dusk", upload_id=whole.id, at=now())
    with pytest.raises(InvalidInputError):
        replace(make_title(channel), creator, upload_id=whole.id)
    other = make_channel(creator, handle="other")
    with pytest.raises(NotFoundError):
        api.create_title(channel_id=other.id, editor_id=creator.id, name="Copy", upload_id=whole.id, at=now())


def test_the_world_is_told_once_when_a_published_title_can_play(creator, channel, asset, told):
    title = make_title(channel, state="draft", playable=False)
    api.publish_title(title_id=title.id, editor_id=creator.id, at=now())
    assert told == []
    replace(title, creator, asset_id=asset.id)
    for _twice in range(2):
        accept_asset(asset_id=asset.id, at=now())
    api.unpublish_title(title_id=title.id, editor_id=creator.id, at=now())
    api.publish_title(title_id=title.id, editor_id=creator.id, at=now())
    assert [type(event) for event in told] == [TitlePlayable, TitlePublished]


def test_a_scheduled_title_is_told_of_at_its_moment_and_once(creator, channel, told):
    title = make_title(channel, state="draft")
    moment = now() + timedelta(hours=1)
    api.schedule_title(title_id=title.id, editor_id=creator.id, publish_at=moment, at=now())
    assert announce_due(at=moment - timedelta(seconds=1)) == 0
    assert announce_due(at=moment) == 1
    assert announce_due(at=moment) == 0
    assert (api.get_title(title.id).state, len(told)) == ("published", 1)


def test_after_thirty_days_only_the_name_is_left(creator, channel, asset):
    title = make_title(channel, asset_id=asset.id, description="Secret", tags=["x"], slug="dusk")
    api.delete_title(title_id=title.id, editor_id=creator.id, at=now())
    assert purge_titles(at=now() + timedelta(days=29)) == 0
    assert purge_titles(at=now() + timedelta(days=31)) == 1
    assert purge_titles(at=now() + timedelta(days=31)) == 0
    gone = api.get_title(title.id)
    assert (gone.name, gone.description, gone.tags, gone.asset_id, gone.playable) == (title.name, "", [], None, False)
    assert api.create_title(channel_id=channel.id, editor_id=creator.id, name="Dusk", at=now()).slug == "dusk"
    with pytest.raises(api.WrongStateError):
        api.restore_title(title_id=title.id, editor_id=creator.id, at=now())


def test_a_file_that_is_gone_is_no_error(db):
    accept_asset(asset_id=uuid4(), at=now())
    discard_asset(asset_id=uuid4(), title_id=uuid4(), at=now())

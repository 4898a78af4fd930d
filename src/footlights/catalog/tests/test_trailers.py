"""A title's trailer: shown once it can play, replaced without a gap, and never another's file."""

from uuid import uuid4

import pytest

from footlights.catalog import api, models
from footlights.catalog.operations.discard_asset import discard_asset
from footlights.catalog.operations.follow_asset import accept_asset, attach_upload
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media
from footlights.media.testing import make_asset, make_ready_asset, make_upload

pytestmark = pytest.mark.media


@pytest.fixture
def title(channel):
    return make_title(channel)


def give(title, editor, **file):
    return api.set_trailer(title_id=title.id, editor_id=editor.id, at=now(), **file)


def test_a_trailer_shows_once_its_upload_is_whole_and_plays(creator, title):
    begun = media.start_upload(owner_id=creator.id, filename="t.mp4", size_bytes=9, content_type="video/mp4", at=now())
    waiting = give(title, creator, upload_id=begun.id)
    assert (waiting.trailer_upload_id, waiting.trailer_asset_id) == (begun.id, None)
    ready = make_ready_asset(creator.id)
    for _twice in range(2):
        attach_upload(upload_id=begun.id, asset_id=ready.id, owner_id=creator.id, at=now())
    shown = api.get_title(title.id)
    assert (shown.trailer_asset_id, shown.next_trailer_asset_id, shown.trailer_upload_id) == (ready.id, None, None)
    assert (shown.asset_id, shown.duration_ms, shown.poster) == (title.asset_id, title.duration_ms, title.poster)


def test_the_old_trailer_shows_until_the_new_one_can(creator, title):
    first = make_ready_asset(creator.id)
    give(title, creator, asset_id=first.id)
    second = make_asset(creator.id)
    waiting = give(title, creator, asset_id=second.id)
    assert (waiting.trailer_asset_id, waiting.next_trailer_asset_id) == (first.id, second.id)
    accept_asset(asset_id=second.id, at=now())
    assert api.get_title(title.id).trailer_asset_id == first.id
    third = make_ready_asset(creator.id)
    assert give(title, creator, asset_id=third.id).trailer_asset_id == third.id
    for unused in (first, second):
        discard_asset(asset_id=unused.id, title_id=title.id, at=now())
    discard_asset(asset_id=third.id, title_id=title.id, at=now())
    assert media.list_assets([first.id, second.id, third.id]).keys() == {third.id}


def test_a_trailer_on_its_way_can_be_called_off_and_a_shown_one_removed(creator, title):
    shown = make_ready_asset(creator.id)
    give(title, creator, asset_id=shown.id)
    give(title, creator, asset_id=make_asset(creator.id).id)
    whose = {"title_id": title.id, "editor_id": creator.id}
    kept = api.cancel_trailer(**whose, at=now())
    assert (kept.trailer_asset_id, kept.next_trailer_asset_id) == (shown.id, None)
    for _twice in range(2):
        assert api.remove_trailer(**whose, at=now()).trailer_asset_id is None
    accept_asset(asset_id=shown.id, at=now())
    assert api.get_title(title.id).trailer_asset_id is None


def test_sound_alone_is_no_trailer(creator, title):
    asset = make_ready_asset(creator.id, audio=True)
    assert give(title, creator, asset_id=asset.id).trailer_asset_id is None


def test_anothers_upload_and_asset_are_no_trailer(creator, stranger, title):
    theirs = make_upload(stranger.id)
    for file in (
        {"upload_id": theirs.id},
        {"asset_id": theirs.asset_id},
        {"asset_id": uuid4()},
        {"upload_id": uuid4()},
    ):
        with pytest.raises(NotFoundError):
            give(title, creator, **file)
    models.Title.objects.filter(pk=title.id).update(trailer_upload_id=theirs.id)
    attach_upload(upload_id=theirs.id, asset_id=theirs.asset_id, owner_id=stranger.id, at=now())
    assert api.get_title(title.id).next_trailer_asset_id is None


def test_a_stranger_sets_and_removes_no_trailer(creator, stranger, title):
    shown = give(title, creator, asset_id=make_ready_asset(creator.id).id)
    with pytest.raises(NotFoundError):
        give(title, stranger, asset_id=make_ready_asset(stranger.id).id)
    for act in (api.remove_trailer, api.cancel_trailer):
        with pytest.raises(NotFoundError):
            act(title_id=title.id, editor_id=stranger.id, at=now())
    assert api.get_title(title.id).trailer_asset_id == shown.trailer_asset_id


def test_the_film_itself_is_not_its_trailer_nor_another_titles(creator, channel, title):
    film = make_ready_asset(creator.id)
    other = make_title(channel, asset_id=film.id)
    for wanted in (title, other):
        with pytest.raises(InvalidInputError, match="belongs to another title"):
            give(wanted, creator, asset_id=film.id)
    trailer = make_ready_asset(creator.id)
    give(title, creator, asset_id=trailer.id)
    with pytest.raises(InvalidInputError):
        api.replace_file(title_id=other.id, editor_id=creator.id, asset_id=trailer.id, at=now())
    begun = make_upload(creator.id)
    api.replace_file(title_id=other.id, editor_id=creator.id, upload_id=begun.id, at=now())
    with pytest.raises(InvalidInputError):
        give(other, creator, upload_id=begun.id)


def test_what_is_deleted_takes_no_trailer(creator, channel):
    with pytest.raises(api.WrongStateError):
        give(make_title(channel, state="deleted"), creator, asset_id=make_ready_asset(creator.id).id)

"""A title's trailer in the editor: on its way with its stages, shown, replaced, removed, or not a trailer at all."""

import pytest
from django.urls import reverse

from footlights.catalog import api as catalog
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.media import api as media
from footlights.media.testing import make_asset, make_ready_asset, make_upload, run_pipeline

pytestmark = pytest.mark.media


def send(client, title, **sent):
    return client.post(reverse("studio:title_trailer", args=[title.id]), sent)


def state_of(client, title, **query):
    return client.get(reverse("studio:title_trailer_state", args=[title.id]), query)


def give(title, creator, asset):
    return catalog.set_trailer(title_id=title.id, editor_id=creator.id, asset_id=asset.id, at=now())


def test_an_upload_becomes_the_trailer_and_shows_its_stages_meanwhile(as_creator, creator, title):
    begun = media.start_upload(owner_id=creator.id, filename="t.mp4", size_bytes=10, content_type="video/mp4", at=now())
    body = send(as_creator, title, upload_id=begun.id).content.decode()
    assert f'id="trailer-{title.id.hex}" data-state="receiving" data-upload="{begun.id}"' in body
    for words in ("0 %", "Check the file", "Get it ready to play", "Finish", "hx-get"):
        assert words in body
    editor = as_creator.get(reverse("studio:title", args=[title.id])).content.decode()
    assert "Choose the same file to go on where it stopped" in editor


def test_a_trailer_that_plays_can_be_seen_replaced_and_removed(as_creator, creator, title):
    shown = give(title, creator, make_ready_asset(creator.id))
    answer = state_of(as_creator, title, was="working")
    assert (answer["HX-Trigger"], "Ready to play" in answer.content.decode()) == ("trailer-changed", True)
    section = as_creator.get(reverse("studio:title_trailer", args=[title.id])).content.decode()
    for words in ("See it on its page", "Replace the trailer", "Remove the trailer"):
        assert words in section
    coming = make_upload(creator.id)
    assert "What plays now keeps playing" in send(as_creator, title, upload_id=coming.id).content.decode()
    assert catalog.get_title(title.id).trailer_asset_id == shown.trailer_asset_id
    send(as_creator, title, act="keep")
    assert catalog.get_title(title.id).next_trailer_asset_id is None
    send(as_creator, title, act="remove")
    assert catalog.get_title(title.id).trailer_asset_id is None


def test_a_trailer_that_does_not_work_says_why_and_needs_somebody(as_creator, creator, channel):
    title = make_title(channel)
    asset = run_pipeline(make_asset(creator.id, b"this is no film").id)
    give(title, creator, asset)
    body = state_of(as_creator, title).content.decode()
    assert 'data-state="failed"' in body
    assert asset.failure in body
    assert "The trailer did not work" in as_creator.get(reverse("studio:titles")).content.decode()


def test_sound_alone_is_said_to_be_no_trailer(as_creator, creator, title):
    give(title, creator, make_ready_asset(creator.id, audio=True))
    assert "a trailer needs a picture" in state_of(as_creator, title).content.decode()


def test_what_is_deleted_takes_no_trailer(as_creator, creator, channel):
    gone = make_title(channel, state="deleted")
    answer = send(as_creator, gone, upload_id=make_upload(creator.id).id)
    assert (answer.status_code, "Bring it back first" in answer.content.decode()) == (422, True)

"""How a title's file fares, as its creator sees it: on its way, playing, not working, replaced."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from footlights.catalog import api as catalog
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.media import api as media
from footlights.media.testing import make_asset, make_ready_asset, make_upload, run_pipeline

pytestmark = pytest.mark.media


def page_of(client, title, name="studio:title_file", **query):
    return client.get(reverse(name, args=[title.id]), query)


def test_a_file_that_does_not_work_says_why_and_needs_somebody(as_creator, creator, channel):
    asset = run_pipeline(make_asset(creator.id, b"this is no film").id)
    title = make_title(channel, state="draft", playable=False, asset_id=asset.id)
    answer = page_of(as_creator, title, was="working")
    body = answer.content.decode()
    assert 'data-state="failed"' in body
    assert asset.failure in body
    assert "hx-get" not in body
    assert answer["HX-Trigger"] == "file-changed"
    assert "The file did not work" in as_creator.get(reverse("studio:home")).content.decode()
    assert "The file did not work" in as_creator.get(reverse("studio:titles")).content.decode()


def test_a_file_before_its_turn_says_so_and_asks_again(as_creator, creator, channel):
    title = make_title(channel, state="draft", playable=False, asset_id=make_asset(creator.id).id)
    body = page_of(as_creator, title).content.decode()
    assert 'data-state="working"' in body
    assert "waits for its turn" in body
    assert "hx-get" in body


def test_a_ready_file_names_its_qualities_and_asks_no_more(as_creator, creator, channel):
    title = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    body = page_of(as_creator, title).content.decode()
    assert "Ready to play in 240p" in body
    assert "hx-get" not in body


def test_a_moment_of_the_film_becomes_its_poster(as_creator, creator, channel):
    asset = make_ready_asset(creator.id)
    title = make_title(channel, asset_id=asset.id)
    chosen = asset.poster_candidates[-1]
    as_creator.post(reverse("studio:title_poster", args=[title.id]), {"picture": str(chosen.id)})
    assert catalog.get_title(title.id).poster == chosen


def test_another_file_waits_while_the_first_one_plays_and_can_be_dropped(as_creator, creator, channel):
    title = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    upload = make_upload(creator.id)
    answer = as_creator.post(reverse("studio:title_file", args=[title.id]), {"upload_id": str(upload.id)})
    assert "What plays now keeps playing" in answer.content.decode()
    assert catalog.get_title(title.id).next_asset_id == upload.asset_id
    as_creator.post(reverse("studio:title_file", args=[title.id]), {"act": "keep"})
    assert catalog.get_title(title.id).next_asset_id is None
    assert catalog.get_title(title.id).asset_id == title.asset_id


def captions(client, title, body, *, language="en", filename="a.srt"):
    sent = {"language": language, "file": SimpleUploadedFile(filename, body)}
    return client.post(reverse("studio:title_captions", args=[title.id]), sent, headers={"HX-Request": "true"})


def test_captions_join_in_a_language_and_leave_again(as_creator, creator, channel):
    title = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    srt = b"1\n00:00:00,000 --> 00:00:02,000\nHello <script>alert(1)</script>\n"
    answer = captions(as_creator, title, srt, filename="../../etc/passwd.srt")
    assert answer.status_code == 200
    (added,) = media.list_captions(title.asset_id)
    assert (added.language, "passwd" in added.url) == ("en", False)
    as_creator.post(reverse("studio:title_captions_item", args=[title.id, added.id]))
    assert media.list_captions(title.asset_id) == []


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", b"no captions at all", b"WEBVTT"])
def test_what_are_no_captions_is_refused_with_words(as_creator, creator, channel, body):
    title = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    answer = captions(as_creator, title, body)
    assert answer.status_code == 422
    assert media.list_captions(title.asset_id) == []


def test_captions_of_another_title_are_not_removed_from_here(as_creator, creator, stranger, channel):
    mine = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    theirs = make_ready_asset(stranger.id)
    kept = media.add_captions(
        asset_id=theirs.id, owner_id=stranger.id, language="en", filename="a.vtt", at=now(),
        body=b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n",
    )  # fmt: skip
    as_creator.post(reverse("studio:title_captions_item", args=[mine.id, kept.id]))
    assert media.list_captions(theirs.id) == [kept]

"""Nobody gets at another's channel, titles, uploads, captions or earnings: to strangers there is no such page."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from footlights.catalog import api as catalog
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.media import api as media
from footlights.monetization import api as monetization
from footlights.monetization.testing import make_offer

POSTS = {
    "studio:title": {"name": "Mine now"},
    "studio:title_saved": {"name": "Mine now"},
    "studio:title_poster": {"picture": str(uuid4())},
    "studio:title_chapters": {"starts": "0:00", "name": "Theirs", "was_ms": ""},
    "studio:title_captions": {"language": "en"},
    "studio:title_price": {"way": "free", "currency": "EUR"},
    "studio:title_visibility": {"state": "published"},
    "studio:title_conversation": {},
    "studio:title_publish": {},
    "studio:title_file": {"upload_id": str(uuid4())},
    "studio:title_retry": {},
    "studio:title_trailer": {"upload_id": str(uuid4())},
    "studio:title_trailer_retry": {},
    "studio:title_delete": {},
    "studio:title_restore": {},
}


@pytest.mark.parametrize(
    "name",
    ["studio:title", "studio:title_poster", "studio:title_file", "studio:title_trailer", "studio:title_trailer_state"],
)
def test_a_stranger_sees_nothing_of_a_title(as_stranger, title, name):
    answer = as_stranger.get(reverse(name, args=[title.id]))
    assert answer.status_code == 404
    assert title.name not in answer.content.decode()


@pytest.mark.parametrize("name", POSTS)
def test_a_stranger_changes_nothing_of_a_title(as_stranger, title, name):
    before = catalog.get_title(title.id)
    assert as_stranger.post(reverse(name, args=[title.id]), POSTS[name]).status_code == 404
    assert catalog.get_title(title.id) == before
    assert monetization.list_offers(title.id) == []


def test_a_stranger_removes_no_captions(as_stranger, title):
    url = reverse("studio:title_captions_item", args=[title.id, uuid4()])
    assert as_stranger.post(url).status_code == 404


@pytest.mark.parametrize("act", ["publish", "unlist", "unpublish", "delete", "category", "maturity"])
def test_a_stranger_changes_nothing_in_bulk(as_stranger, title, act):
    make_offer(title, "free")
    before = catalog.get_title(title.id)
    answer = as_stranger.post(reverse("studio:titles_bulk"), {"ids": [str(title.id)], "act": act, "category": "film"})
    assert answer.status_code == 404
    assert catalog.get_title(title.id) == before


def test_a_stranger_restores_nothing(as_stranger, channel):
    gone = make_title(channel, state="deleted")
    assert as_stranger.post(reverse("studio:titles_restored"), {"ids": [str(gone.id)]}).status_code == 404
    assert catalog.get_title(gone.id).state == "deleted"


def test_a_stranger_does_not_get_into_another_channel(as_stranger, channel):
    answer = as_stranger.post(reverse("studio:channel_switch"), {"channel": str(channel.id)})
    assert answer.status_code == 404
    assert f"@{channel.handle}" not in as_stranger.get(reverse("studio:home")).content.decode()


def test_a_forged_session_choice_falls_back_to_ones_own_channel(as_stranger, channel):
    session = as_stranger.session
    session["studio_channel"] = str(channel.id)
    session.save()
    for page in ("studio:home", "studio:titles", "studio:money", "studio:channel"):
        answer = as_stranger.get(reverse(page))
        assert answer.status_code == 200
        assert f"@{channel.handle}" not in answer.content.decode()


def test_lists_and_money_hold_only_ones_own(as_stranger, title):
    for page in ("studio:titles", "studio:home", "studio:upload", "studio:money"):
        assert title.name not in as_stranger.get(reverse(page)).content.decode()


def test_nobody_makes_a_title_of_anothers_upload(as_stranger, creator):
    upload = media.start_upload(
        owner_id=creator.id, filename="film.mp4", size_bytes=10, content_type="video/mp4", at=now()
    )
    answer = as_stranger.post(reverse("studio:upload_titles"), {"upload_id": str(upload.id), "filename": "film.mp4"})
    assert answer.status_code == 422
    assert catalog.list_titles_of(catalog.get_channel_by_handle("strange").id) == []


@pytest.mark.parametrize("name", ["studio:title_file", "studio:title_trailer"])
def test_anothers_upload_becomes_neither_film_nor_trailer(client, creator, stranger, title, name):
    upload = media.start_upload(
        owner_id=stranger.id, filename="film.mp4", size_bytes=10, content_type="video/mp4", at=now()
    )
    client.force_login(creator)
    assert client.post(reverse(name, args=[title.id]), {"upload_id": str(upload.id)}).status_code == 422
    assert catalog.get_title(title.id) == title


def test_anothers_picture_is_no_poster(as_creator, stranger, title, sample_picture):
    theirs = media.store_picture(owner_id=stranger.id, body=sample_picture, purpose="poster", at=now())
    answer = as_creator.post(reverse("studio:title_poster", args=[title.id]), {"picture": str(theirs.id)})
    assert answer.status_code == 422
    assert catalog.get_title(title.id).poster is None


def test_a_channel_of_two_people_at_once_is_impossible(as_creator, stranger, channel):
    answer = as_creator.post(reverse("studio:channel_new"), {"name": "Mine", "handle": "strange"})
    assert answer.status_code == 422
    assert "has this address already" in answer.content.decode()


def test_earnings_of_another_currency_or_period_are_only_ones_own(as_stranger, channel):
    make_offer(make_title(channel), "buy", Money(400, "EUR"))
    answer = as_stranger.get(reverse("studio:money"), {"currency": "EUR'--", "days": "9999999"})
    assert answer.status_code == 200


def test_a_second_person_with_the_title_open_gets_no_captions_file_in(as_stranger, title):
    file = SimpleUploadedFile("x.vtt", b"WEBVTT\n")
    answer = as_stranger.post(reverse("studio:title_captions", args=[title.id]), {"language": "en", "file": file})
    assert answer.status_code == 404


def test_nobody_without_an_account_gets_anywhere(client, title):
    for name, sent in POSTS.items():
        answer = client.post(reverse(name, args=[title.id]), sent)
        assert answer.status_code in {302, 401}, name
    assert catalog.get_title(title.id) == title

"""What a creator does with one title, by plain forms and by htmx, with right and with wrong input."""

import re
from datetime import UTC, datetime, timedelta
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

HTMX = {"HX-Request": "true"}
DETAILS = {"name": "Dusk", "maturity": "all"}


def send(client, title, part, data, *, htmx=False):
    name = "studio:title" if part == "details" else f"studio:title_{part}"
    return client.post(reverse(name, args=[title.id]), data, headers=HTMX if htmx else None)


def test_details_are_saved_without_script_and_with_htmx(as_creator, title):
    sent = DETAILS | {
        "description": "Two\r\n\r\nparts",
        "category": "film",
        "language": "pt-BR",
        "tags": "Noir, slow cinema",
    }
    answer = send(as_creator, title, "details", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('studio:title', args=[title.id])}#details")
    saved = catalog.get_title(title.id)
    assert (saved.name, saved.description, saved.tags) == ("Dusk", "Two\n\nparts", ["noir", "slow cinema"])
    answer = send(as_creator, title, "details", sent | {"name": "Dawn"}, htmx=True)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "<html" not in body
    assert 'id="editor-head" hx-swap-oob="true"' in body
    assert catalog.get_title(title.id).name == "Dawn"


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "x" * 151}, "150 characters"),
        ({"description": "x" * 5001}, "5000 characters"),
        ({"tags": ",".join(str(n) for n in range(16))}, "at most 15 tags"),
        ({"category": "../film"}, "valid choice"),
        ({"language": "xx"}, "valid choice"),
        ({"maturity": ""}, "required"),
        ({"slug": "../../etc"}, "letters a to z"),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_wrong_details_are_said_and_what_was_typed_stays(as_creator, title, wrong, said, htmx):
    answer = send(as_creator, title, "details", DETAILS | {"credit": "© kept as typed"} | wrong, htmx=htmx)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert said in body
    assert "© kept as typed" in body
    assert catalog.get_title(title.id).name == title.name


def test_words_are_never_markup(as_creator, title):
    send(as_creator, title, "details", DETAILS | {"name": "<script>alert(1)</script>"})
    body = as_creator.get(reverse("studio:title", args=[title.id])).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_what_is_typed_while_it_uploads_is_kept_line_by_line(as_creator, title):
    prefix = title.id.hex[-8:]
    url = reverse("studio:title_saved", args=[title.id])
    answer = as_creator.post(url, {f"{prefix}-name": "Dusk", f"{prefix}-maturity": "all"}, headers=HTMX)
    assert "Saved" in answer.content.decode()
    assert catalog.get_title(title.id).name == "Dusk"
    answer = as_creator.post(url, {f"{prefix}-name": "", f"{prefix}-maturity": "all"}, headers=HTMX)
    assert (answer.status_code, "Not saved" in answer.content.decode()) == (422, True)
    assert catalog.get_title(title.id).name == "Dusk"
    price = {"part": "price", f"{prefix}-way": "paid", f"{prefix}-rent": "3", f"{prefix}-currency": "EUR"}
    assert as_creator.post(url, price, headers=HTMX).status_code == 200
    assert [offer.price for offer in monetization.list_offers(title.id)] == [Money(300, "EUR")]


@pytest.mark.parametrize(
    ("sent", "offers"),
    [
        ({"way": "free", "currency": "EUR"}, [("free", Money(0, "EUR"))]),
        ({"way": "followers", "currency": "EUR"}, [("follow", Money(0, "EUR"))]),
        ({"way": "paid", "buy": "9.90", "currency": "EUR"}, [("buy", Money(990, "EUR"))]),
        ({"way": "paid", "rent": "400", "currency": "JPY"}, [("rent", Money(400, "JPY"))]),
        ({"way": "paid", "rent": "1.255", "currency": "KWD"}, [("rent", Money(1255, "KWD"))]),
        (
            {"way": "paid", "rent": "2", "buy": "9.90", "currency": "EUR"},
            [("rent", Money(200, "EUR")), ("buy", Money(990, "EUR"))],
        ),
    ],
)
def test_a_price_is_set_in_its_currencys_own_digits(as_creator, title, sent, offers):
    assert send(as_creator, title, "price", sent).status_code == 302
    assert [(str(o.kind), o.price) for o in monetization.list_offers(title.id)] == offers


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rent": "-1"}, "negative"),
        ({"rent": "0"}, "Zero is free"),
        ({"rent": "0.00"}, "Zero is free"),
        ({"rent": "1.234"}, "digits after the point"),
        ({"rent": "four"}, "not an amount"),
        ({"rent": "1e400"}, "not an amount"),
        ({"rent": "99999999999"}, "price"),
        ({"rent": "4", "currency": "XXX"}, "valid choice"),
        ({"rent": "4.5", "currency": "JPY"}, "digits after the point"),
        ({}, "Say what it costs"),
        ({"way": "barter", "rent": "4"}, "valid choice"),
    ],
)
def test_a_wrong_price_is_refused_with_the_reason(as_creator, title, wrong, said):
    answer = send(as_creator, title, "price", {"way": "paid", "currency": "EUR"} | wrong, htmx=True)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert monetization.list_offers(title.id) == []


def test_an_early_price_and_a_floor_are_set_shown_again_and_taken_away(as_creator, title):
    until = "2030-01-02T03:04"
    early = {"way": "paid", "buy": "9", "rent": "4", "currency": "EUR", "special": "early", "early_rent": "3"}
    assert send(as_creator, title, "price", early | {"early_until": until}).status_code == 302
    rent, buy = monetization.list_offers(title.id)
    assert (rent.early.price, rent.early.until.isoformat(), buy.early) == (
        Money(300, "EUR"), "2030-01-02T03:04:00+00:00", None,
    )  # fmt: skip
    page = as_creator.get(reverse("studio:title", args=[title.id])).content.decode()
    assert f'value="{until}"' in page
    send(
        as_creator, title, "price", {"way": "paid", "buy": "9", "currency": "EUR", "special": "open", "floor_buy": "0"}
    )
    [buy] = monetization.list_offers(title.id)
    assert (buy.floor, buy.early) == (Money(0, "EUR"), None)
    send(as_creator, title, "price", {"way": "paid", "buy": "9", "currency": "EUR"})
    assert monetization.list_offers(title.id)[0].floor is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"special": "early"}, "costs at first"),
        ({"special": "early", "early_buy": "3"}, "until when"),
        ({"special": "early", "early_buy": "3", "early_until": "soon"}, "not a date"),
        ({"special": "early", "early_buy": "9", "early_until": "2030-01-02T03:04"}, "below the later"),
        ({"special": "open"}, "the least one can pay"),
        ({"special": "open", "floor_buy": "10"}, "above what you suggest"),
        ({"special": "open", "floor_buy": "x"}, "not an amount"),
    ],
)
def test_a_wrong_special_price_is_refused_with_the_reason(as_creator, title, wrong, said):
    sent = {"way": "paid", "buy": "9", "currency": "EUR"} | wrong
    answer = send(as_creator, title, "price", sent, htmx=True)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_title_for_followers_says_so_again_and_opens_to_whoever_follows(as_creator, channel, title, stranger):
    send(as_creator, title, "price", {"way": "followers", "currency": "EUR"})
    page = as_creator.get(reverse("studio:title", args=[title.id])).content.decode()
    assert re.search(r'value="followers"[^>]* checked', page)
    assert "for followers" in page
    catalog.publish_title(title_id=title.id, editor_id=channel.owner_id, at=now())
    is_open = [monetization.may_watch(stranger.id, title.id, now()).allowed]
    catalog.follow_channel(channel_id=channel.id, person_id=stranger.id, at=now())
    is_open.append(monetization.may_watch(stranger.id, title.id, now()).allowed)
    assert is_open == [False, True]


def test_another_price_is_another_offer_and_the_other_way_stays(as_creator, title):
    send(as_creator, title, "price", {"way": "paid", "rent": "2", "buy": "9", "currency": "EUR"})
    rent, buy = monetization.list_offers(title.id)
    send(as_creator, title, "price", {"way": "paid", "rent": "3", "buy": "9", "currency": "EUR"})
    now_rent, now_buy = monetization.list_offers(title.id)
    assert now_rent.id != rent.id
    assert (now_rent.price, now_buy) == (Money(300, "EUR"), buy)


@pytest.mark.parametrize(
    ("typed", "said"), [("10", "€9.00"), ("", ""), ("-1", "negative"), ("x", "not an amount"), ("1" * 30, "")]
)
def test_what_stays_of_a_price_is_told_while_it_is_typed(as_creator, title, typed, said):
    sent = {"kind": "rent", "field": "rent", "rent": typed, "currency": "EUR"}
    answer = as_creator.get(reverse("studio:price_preview", args=[title.id]), sent)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_nothing_goes_out_before_it_has_a_price(as_creator, title):
    answer = as_creator.post(reverse("studio:title_publish", args=[title.id]))
    assert answer["Location"].endswith("#price")
    answer = send(as_creator, title, "visibility", {"state": "published"}, htmx=True)
    assert (answer.status_code, "under Price" in answer.content.decode()) == (422, True)
    assert catalog.get_title(title.id).state == "draft"
    make_offer(title, "free")
    as_creator.post(reverse("studio:title_publish", args=[title.id]))
    assert catalog.get_title(title.id).state == "published"


def test_every_visibility_can_be_chosen(as_creator, title):
    make_offer(title, "free")
    for state in ("published", "unlisted", "draft"):
        assert send(as_creator, title, "visibility", {"state": state}).status_code == 302
        assert catalog.get_title(title.id).state == state


def test_a_schedule_is_meant_in_the_zone_of_whoever_typed_it(as_creator, title):
    make_offer(title, "free")
    day = (now() + timedelta(days=30)).date()
    sent = {"state": "scheduled", "publish_at": f"{day}T20:00", "publish_at_zone": "Asia/Tokyo"}
    assert send(as_creator, title, "visibility", sent).status_code == 302
    scheduled = catalog.get_title(title.id)
    assert (scheduled.state, scheduled.publish_at) == (
        "scheduled",
        datetime(day.year, day.month, day.day, 11, tzinfo=UTC),
    )
    body = as_creator.get(reverse("studio:title", args=[title.id])).content.decode()
    assert f'value="{day}T11:00"' in body


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        ("", "UTC", "Choose the day"),
        ("yesterday", "UTC", "not a date"),
        ("2020-01-01T10:00", "Europe/Berlin", "has passed"),
        ("2999-01-01T10:00", "UTC", "two years"),
        ("9999-12-31T23:59", "America/Los_Angeles", "date"),
        ("2030-01-01T10:00", "../../etc/passwd", "date"),
        ("2030-01-01T10:00", "Mars/Olympus", "not a date"),
    ],
)
def test_a_wrong_moment_is_said(as_creator, title, moment, zone, said):
    make_offer(title, "free")
    sent = {"state": "scheduled", "publish_at": moment, "publish_at_zone": zone}
    answer = send(as_creator, title, "visibility", sent, htmx=True)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert catalog.get_title(title.id).state == "draft"


def test_an_uploaded_poster_is_kept(as_creator, title, sample_picture):
    file = SimpleUploadedFile("../../poster.jpg", sample_picture, "image/jpeg")
    assert send(as_creator, title, "poster", {"image": file}).status_code == 302
    poster = catalog.get_title(title.id).poster
    assert poster is not None
    assert (poster.width, poster.height) == (1280, 720)


@pytest.mark.parametrize("body", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 50, b"\xff\xd8\xff broken"])
def test_what_is_no_picture_is_refused(as_creator, title, body):
    file = SimpleUploadedFile("poster.jpg", body, "image/jpeg")
    answer = send(as_creator, title, "poster", {"image": file}, htmx=True)
    assert answer.status_code == 422
    assert catalog.get_title(title.id).poster is None


def test_a_huge_picture_is_refused_before_it_is_looked_at(as_creator, title, monkeypatch):
    monkeypatch.setattr("footlights.web.studio.forms.MAX_PICTURE_BYTES", 10)
    answer = send(as_creator, title, "poster", {"image": SimpleUploadedFile("p.jpg", b"x" * 11)}, htmx=True)
    assert "larger than 20 MB" in answer.content.decode()


def test_choosing_no_poster_is_said(as_creator, title):
    assert send(as_creator, title, "poster", {}, htmx=True).status_code == 422
    assert send(as_creator, title, "poster", {"picture": "../x"}, htmx=True).status_code == 422
    assert send(as_creator, title, "poster", {"picture": str(uuid4())}, htmx=True).status_code == 422


def test_captions_wait_for_the_file(as_creator, channel):
    title = make_title(channel, state="draft", playable=False)
    file = SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n")
    answer = send(as_creator, title, "captions", {"language": "en", "file": file}, htmx=True)
    assert answer.status_code == 422


def test_deleting_offers_undo_and_undo_brings_everything_back(as_creator, title):
    make_offer(title, "free")
    answer = as_creator.post(reverse("studio:title_delete", args=[title.id]), follow=True)
    body = answer.content.decode()
    assert "Undo" in body
    assert str(title.id) in body
    assert catalog.get_title(title.id).state == "deleted"
    as_creator.post(reverse("studio:titles_restored"), {"ids": [str(title.id)]})
    assert catalog.get_title(title.id).state == "draft"
    assert len(monetization.list_offers(title.id)) == 1


def test_a_deleted_title_is_brought_back_from_its_own_page(as_creator, channel):
    title = make_title(channel, state="deleted")
    assert "Bring it back" in as_creator.get(reverse("studio:title", args=[title.id])).content.decode()
    as_creator.post(reverse("studio:title_restore", args=[title.id]))
    assert catalog.get_title(title.id).state == "published"


@pytest.mark.parametrize("name", ["title_saved", "title_price", "title_publish", "title_delete", "title_retry"])
def test_reading_changes_nothing(as_creator, title, name):
    assert as_creator.get(reverse(f"studio:{name}", args=[title.id])).status_code == 405


def test_an_unfinished_upload_shows_how_far_it_is(as_creator, creator, channel):
    upload = media.start_upload(
        owner_id=creator.id, filename="a.mp4", size_bytes=100, content_type="video/mp4", at=now()
    )
    answer = as_creator.post(
        reverse("studio:upload_titles"), {"upload_id": str(upload.id), "filename": "my_first.film.mp4"}
    )
    assert answer.status_code == 200
    (title,) = catalog.list_titles_of(channel.id)
    assert (title.name, title.upload_id) == ("my first film", upload.id)
    body = as_creator.get(reverse("studio:title_file", args=[title.id])).content.decode()
    assert 'data-state="receiving"' in body
    assert 'hx-trigger="every 2s"' in body
    page = as_creator.get(reverse("studio:upload")).content.decode()
    assert f'data-upload="{upload.id}"' in page
    again = as_creator.post(reverse("studio:upload_titles"), {"upload_id": str(upload.id), "filename": "x"})
    assert again.status_code == 200
    assert len(catalog.list_titles_of(channel.id)) == 1


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\Dusk_final.mov", "Dusk final"),
        (".mp4", "Untitled"),
        ("", "Untitled"),
        ("x" * 400 + ".mp4", "x" * 150),
        ("\x00\n.mp4", "Untitled"),
    ],
)
def test_a_titles_first_name_is_its_files(as_creator, creator, channel, filename, name):
    upload = media.start_upload(owner_id=creator.id, filename="a.mp4", size_bytes=1, content_type="video/mp4", at=now())
    as_creator.post(reverse("studio:upload_titles"), {"upload_id": str(upload.id), "filename": filename})
    assert [title.name for title in catalog.list_titles_of(channel.id)] == [name]


@pytest.mark.parametrize("upload_id", ["", "x", "../..", "00000000-0000-0000-0000-000000000000"])
def test_an_upload_that_is_none_makes_no_title(as_creator, channel, upload_id):
    answer = as_creator.post(reverse("studio:upload_titles"), {"upload_id": upload_id, "filename": "a.mp4"})
    assert answer.status_code in {404, 422}
    assert catalog.list_titles_of(channel.id) == []

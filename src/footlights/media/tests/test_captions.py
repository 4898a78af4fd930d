"""Captions as people have them, in; clean WebVTT, out."""

import pytest

from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.media import api, models
from footlights.media.adapters.captions import to_webvtt

SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n\r\n2\r\n00:01:00,000 --> 00:01:01,000\r\nWorld\r\n"


def cue(text: str) -> str:
    """The text of one cue that comes out for `text`."""
    return to_webvtt(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n".encode()).split("\n", 3)[3].rstrip("\n")


def test_srt_becomes_webvtt() -> None:
    assert to_webvtt(SRT.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n\n00:01:00.000 --> 00:01:01.000\nWorld\n"
    )


@pytest.mark.parametrize(("dirty", "clean"), [
    ("<script>alert(1)</script>", "alert(1)"),
    ("<b>bold</b> <i>it</i> <u>un</u>", "<b>bold</b> <i>it</i> <u>un</u>"),
    ("<b>never closed", "<b>never closed</b>"),
    ("<b><i>crossed</b></i>", "<b><i>crossed</i></b>"),
    ("</b>closed before", "closed before"),
    ('<font color="red" onclick="x()">red</font>', "red"),
    ("<v Ada Lovelace>Hello</v>", "<v Ada Lovelace>Hello</v>"),
    ("<v><img src=x onerror=y>x", "x"),
    ("{\\an8}on top", "on top"),
    ("a & b &amp; c &lt; <3", "a &amp; b &amp; c &lt; &lt;3"),
    ("<00:01.500>karaoke<c.red>x</c>", "karaokex"),
    ("bell\x07 and \u202etrick", "bell and trick"),
])  # fmt: skip
def test_only_cue_tags_survive(dirty: str, clean: str) -> None:
    assert cue(dirty) == clean


def test_an_arrow_in_the_text_cannot_make_a_cue() -> None:
    assert "-->" not in cue("look: 00:00 -- > there --> here")


def test_styles_notes_and_regions_are_gone() -> None:
    made = to_webvtt(
        b"WEBVTT\n\nSTYLE\n::cue { background: url(http://x) }\n\nNOTE secret\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000 line:0 region:a onclick:x align:start\nHi\n"
    )
    assert made == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0 align:start\nHi\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert "Café ü" in to_webvtt(SRT.replace("Hello", "Café ü").encode(encoding))


@pytest.mark.parametrize(
    "body",
    [b"", b"WEBVTT", b"\0\1\2", b"just text", b"1\n00:00:05,000 --> 00:00:01,000\nbackwards\n", b"x" * (5 << 20)],
)
def test_what_holds_no_captions_is_told_so(body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        to_webvtt(body)


@pytest.fixture
def film(db) -> models.Asset:
    owner = new_id()
    upload = models.Upload.objects.create(owner_id=owner, filename="f", size_bytes=1, expires_at=now())
    return models.Asset.objects.create(owner_id=owner, upload=upload, filename="f", size_bytes=1)


def add(film: models.Asset, language: str = "en", **changes: object) -> api.Captions:
    given = {
        "asset_id": film.id,
        "owner_id": film.owner_id,
        "language": language,
        "body": SRT.encode(),
        "filename": "a.srt",
        "at": now(),
    }
    return api.add_captions(**(given | changes))


def test_new_captions_of_a_language_replace_the_old(film: models.Asset) -> None:
    first, second = add(film, "pt-br"), add(film, "pt_BR")
    (only,) = api.list_captions(film.id)
    assert only == second
    assert (only.language, only.label) == ("pt-BR", "Português (Brasil)")
    assert storage.exists(second.url[1:])
    assert not storage.exists(first.url[1:])


@pytest.mark.parametrize("language", ["", "xx-", "../../etc", "english language", "en/../x", "q" * 50])
def test_a_language_is_a_language(film: models.Asset, language: str) -> None:
    with pytest.raises(InvalidInputError):
        add(film, language)
    assert storage.list_keys("") == []


def test_a_stranger_adds_and_removes_nothing(film: models.Asset) -> None:
    with pytest.raises(NotFoundError):
        add(film, owner_id=new_id())
    captions = add(film)
    with pytest.raises(NotFoundError):
        api.remove_captions(captions_id=captions.id, owner_id=new_id())
    api.remove_captions(captions_id=captions.id, owner_id=film.owner_id)
    assert api.list_captions(film.id) == []
    assert storage.list_keys("media/") == []


def test_captions_go_along_when_a_file_is_replaced(film: models.Asset) -> None:
    upload = models.Upload.objects.create(owner_id=film.owner_id, filename="g", size_bytes=1, expires_at=now())
    other = models.Asset.objects.create(owner_id=film.owner_id, upload=upload, filename="g", size_bytes=1)
    add(film, "en")
    add(film, "de")
    own = add(other, "de")
    for _ in range(2):
        api.copy_captions(from_asset_id=film.id, to_asset_id=other.id, at=now())
    german, english = api.list_captions(other.id)
    assert german == own
    assert storage.get(english.url[1:]).startswith(b"WEBVTT")

"""Pictures people send: shown if they can be, and never more than a picture."""

import io
import zipfile

import pytest
from PIL import Image

from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.media import api

pytestmark = pytest.mark.django_db


def picture(size: tuple[int, int] = (800, 450), kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 255)[: len(mode)] if mode != "L" else 90).save(out, kind, **options)
    return out.getvalue()


def store(body: bytes, purpose: str = "poster") -> api.Picture:
    return api.store_picture(owner_id=new_id(), body=body, purpose=purpose, at=now())


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "L"), ("AVIF", "RGB")]
)
def test_a_picture_comes_in_every_width_as_avif_and_webp(kind: str, mode: str) -> None:
    made = store(picture(kind=kind, mode=mode))
    assert [(width, type_) for width, _url, type_ in made.sources] == [
        (320, "image/avif"), (320, "image/webp"), (640, "image/avif"), (640, "image/webp"), (800, "image/avif"), (800, "image/webp"),
    ]  # fmt: skip
    for width, url, _type in made.sources:
        with Image.open(io.BytesIO(storage.get(url[1:]))) as image:
            assert image.width == width
    assert (made.width, made.height) == (800, 450)


def test_the_colour_is_the_pictures_own() -> None:
    red = int(store(picture(kind="PNG")).color[1:3], 16)
    assert 190 <= red <= 210


def test_a_turned_photo_stands_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "at home"
    made = store(picture(exif=exif))
    assert (made.width, made.height) == (450, 800)
    for _width, url, _type in made.sources:
        assert b"at home" not in storage.get(url[1:])


def test_a_picture_that_is_also_an_archive_comes_out_as_a_picture_only() -> None:
    out = io.BytesIO(picture())
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("x.html", "<script>stowaway</script>")
    store(out.getvalue())
    assert not any(b"stowaway" in storage.get(name) for name in storage.list_keys(""))


@pytest.mark.parametrize("body", [
    b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, picture()[:500], b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    b"%PDF-1.4", b"%!PS-Adobe\n", picture((8, 8)), b"GIF89a" + b"\xff" * 20, b"\0" * (21 << 20),
])  # fmt: skip
def test_what_is_no_picture_is_told_so(body: bytes) -> None:
    with pytest.raises(InvalidInputError) as refused:
        store(body)
    assert str(refused.value).endswith(".")
    assert storage.list_keys("") == []


@pytest.mark.parametrize("size", [(13_000, 20), (8_000, 8_000)])
def test_an_enormous_picture_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidInputError, match=str(size[0])):
        store(picture(size, "PNG", "L"))


def test_a_picture_belongs_to_who_sent_it() -> None:
    owner = new_id()
    made = api.store_picture(owner_id=owner, body=picture(), purpose="avatar", at=now())
    assert api.owns_picture(made.id, owner)
    assert not api.owns_picture(made.id, new_id())
    assert api.get_pictures([made.id, new_id()]) == {made.id: made}

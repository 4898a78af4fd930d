"""Pictures, decoded within limits and encoded anew.

Whatever else a file carried (scripts, archives, places, names) is gone.
"""

import io
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, ImageStat, UnidentifiedImageError

from footlights.kernel.errors import InvalidInputError

Purpose = Literal["poster", "avatar", "banner"]

MAX_BYTES = 20 << 20
MAX_PIXELS = 50_000_000
MAX_SIDE_PX = 12_000
MIN_SIDE_PX = 16
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_AVIF_SPEED = 9
WIDTHS = {
    "poster": (320, 640, 1280, 1920),
    "avatar": (96, 256, 512),
    "banner": (640, 1280, 1920),
    "candidate": (320, 640, 1280),
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """`files` maps "640.avif" and "640.webp" to their bytes."""

    width: int
    height: int
    widths: list[int]
    color: str
    files: dict[str, bytes]


def decode(body: bytes) -> Image.Image:
    """The first frame, upright, in sRGB's three channels. Raises InvalidInputError in the sender's words."""
    if not body:
        raise InvalidInputError(_("This picture is empty."), field="picture")
    if len(body) > MAX_BYTES:
        raise InvalidInputError(_("This picture is too large. The most is 20 MB."), field="picture")
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
            _require_size(*image.size)
            image.draft("RGB", (2560, 2560))
            image.load()
            return _flat(ImageOps.exif_transpose(image))
    except InvalidInputError:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        MemoryError,
    ) as error:
        raise InvalidInputError(
            _("This is not a picture we can read. Use JPEG, PNG, WebP or AVIF."), field="picture"
        ) from error


def _require_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        told = _("This picture is %(width)s × %(height)s pixels. The most is 50 megapixels.")
        raise InvalidInputError(told % {"width": width, "height": height}, field="picture")
    if min(width, height) < MIN_SIDE_PX:
        raise InvalidInputError(_("This picture is too small to show."), field="picture")


def encode(image: Image.Image, widths: tuple[int, ...]) -> Encoded:
    """As AVIF and WebP in the given widths, never wider than it is."""
    usable = sorted({min(width, image.width) for width in widths})
    files = {}
    for width in usable:
        scaled = image if width == image.width else _resized(image, width)
        files[f"{width}.avif"] = _bytes(scaled, "AVIF", quality=60, speed=_AVIF_SPEED, max_threads=1)
        files[f"{width}.webp"] = _bytes(scaled, "WEBP", quality=78, method=2)
    widest = usable[-1]
    return Encoded(
        width=widest,
        height=max(1, round(image.height * widest / image.width)),
        widths=usable,
        color=_color(image),
        files=files,
    )


def _resized(image: Image.Image, width: int) -> Image.Image:
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)  # as good as without, for half the time


def interest(jpeg: bytes) -> float:
    """How much a frame shows: black, white and faded ones score near zero."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (64, 36))  # decodes at an eighth of the size
        small = image.convert("RGB").resize((64, 36), Image.Resampling.BOX)
    grey = ImageStat.Stat(small.convert("L"))
    if not 18 < grey.mean[0] < 240:  # noqa: PLR2004  nearly black or white
        return grey.stddev[0] / 100
    colours = ImageStat.Stat(small.convert("HSV"))
    return grey.stddev[0] + colours.mean[1] / 8


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """Even sizes no longer than `side`, in the same shape."""
    scale = min(1.0, side / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency: on black, as the page is."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        over = image.convert("RGBA")
        flat = Image.new("RGB", over.size, (15, 13, 19))
        flat.paste(over, mask=over.getchannel("A"))
        return flat
    return image.convert("RGB")


def _bytes(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _color(image: Image.Image) -> str:
    """The colour most of the picture has, for the moment before it arrives."""
    small = image.resize((32, 32), Image.Resampling.BOX).quantize(6)
    count = small.histogram()
    index = count.index(max(count)) * 3
    red, green, blue = (small.getpalette() or [0, 0, 0])[index : index + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


ImageFile.LOAD_TRUNCATED_IMAGES = False

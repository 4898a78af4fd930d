from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from footlights.kernel import storage
from footlights.kernel.ids import new_id
from footlights.media import models, policies
from footlights.media.adapters import pictures
from footlights.media.adapters.ffmpeg import STORYBOARD_COLUMNS, STORYBOARD_TILE_PX, Facts, Stills

_TAKEN = 12
_KEPT = 4
_STILL_PX = 1280  # the long side
_TILES = STORYBOARD_COLUMNS * STORYBOARD_COLUMNS


@dataclass(frozen=True, slots=True)
class Pictures:
    candidates: list[models.Picture]
    storyboard_path: str


def plan_stills(facts: Facts) -> Stills:
    """What ffmpeg takes while it encodes: frames for the poster, and the storyboard's sheets."""
    if not facts.width or not facts.height:
        raise ValueError("sound has no stills")
    width, height = pictures.fit(facts.width, facts.height, _STILL_PX)
    tile_width, tile_height = pictures.fit(facts.width, facts.height, STORYBOARD_TILE_PX)
    return Stills(
        candidates=_TAKEN,
        interval_s=policies.storyboard_interval_s(facts.duration_ms),
        tile_width=tile_width,
        tile_height=tile_height,
        width=width,
        height=height,
    )


def make_stills(asset: models.Asset, plan: Stills, folder: Path) -> Pictures:
    """Store the most telling frames as poster candidates (rows not saved yet), and the storyboard with its WebVTT.

    Always under the same paths, so that a second try leaves nothing behind; nobody knows them before the rows are
    saved.
    """
    frames = [path.read_bytes() for path in sorted(folder.glob("still-*.jpg"))[: _TAKEN + 2]]
    chosen = sorted(sorted(range(len(frames)), key=lambda index: -pictures.interest(frames[index]))[:_KEPT])
    with ThreadPoolExecutor(_KEPT) as pool:  # the encoders leave Python's lock alone
        encodings = list(pool.map(_encoded, [frames[index] for index in chosen]))
    candidates = []
    for number, encoded in enumerate(encodings):
        token = f"{asset.stills_token}/{number}"
        for name, body in encoded.files.items():
            storage.put(f"media/{token}/{name}", body, content_type=f"image/{name.rsplit('.')[-1]}")
        candidates.append(
            models.Picture(
                id=new_id(), owner_id=asset.owner_id, asset=asset, purpose="poster", token=token,
                width=encoded.width, height=encoded.height, widths=encoded.widths, color=encoded.color,
            )
        )  # fmt: skip
    return Pictures(candidates, _store_storyboard(asset, plan, folder))


def _encoded(jpeg: bytes) -> pictures.Encoded:
    return pictures.encode(pictures.decode(jpeg), pictures.WIDTHS["candidate"])


def _store_storyboard(asset: models.Asset, plan: Stills, folder: Path) -> str:
    """Sheets of tiles and a WebVTT file that says which tile shows which moment (`#xywh`, Media Fragments 1.0)."""
    token = f"{asset.stills_token}/storyboard"
    sheets = sorted(folder.glob("sheet-*.jpg"))
    for sheet in sheets:
        storage.put(f"media/{token}/{sheet.name}", sheet, content_type="image/jpeg")
    cues = ["WEBVTT", ""]
    duration_ms = asset.duration_ms or 0
    step_ms = plan.interval_s * 1000
    for number, begin in enumerate(range(0, duration_ms, step_ms)):
        sheet_number, tile = divmod(number, _TILES)
        if sheet_number >= len(sheets):
            break
        row, column = divmod(tile, STORYBOARD_COLUMNS)
        box = f"{column * plan.tile_width},{row * plan.tile_height},{plan.tile_width},{plan.tile_height}"
        cues += [
            f"{_clock(begin)} --> {_clock(min(begin + step_ms, duration_ms))}",
            f"{sheets[sheet_number].name}#xywh={box}",
            "",
        ]
    storage.put(f"media/{token}/storyboard.vtt", "\n".join(cues).encode(), content_type="text/vtt")
    return f"{token}/storyboard.vtt"


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"

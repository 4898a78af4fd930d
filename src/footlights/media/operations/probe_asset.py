import re
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.kernel.clock import now
from footlights.media import models, policies
from footlights.media.adapters import ffmpeg
from footlights.media.adapters.ffmpeg import Facts
from footlights.media.errors import ProgramFailedError, RejectedError
from footlights.media.operations.source import open_source
from footlights.media.operations.steps import Step, advance, release_connection, run_step

_HDR_TRANSFERS = {"smpte2084", "arib-std-b67"}


def probe_asset(*, asset_id: UUID) -> None:
    """Look into the file; accept it with its facts, or reject it in words. Repeatable. Next: the first rendition."""
    run_step(asset_id, Step.PROBE, _probe)


def _probe(asset: models.Asset) -> None:
    with open_source(asset) as source:
        try:
            answer = ffmpeg.probe(source)
        except ProgramFailedError as error:
            raise RejectedError(_explain(error.detail)) from error
    facts = facts_of(answer)
    release_connection()
    with transaction.atomic():
        advance(
            asset,
            Step.FIRST,
            at=now(),
            facts=facts.to_json(),
            kind=facts.kind,
            width=facts.width,
            height=facts.height,
            duration_ms=facts.duration_ms,
        )


def facts_of(answer: dict[str, Any]) -> Facts:
    """What ffprobe found, judged. Raises RejectedError with a sentence for the creator."""
    streams = answer.get("streams") or []
    container = answer.get("format") or {}
    if _is_protected(answer):
        raise RejectedError(_("This file is copy-protected, so it cannot be converted. Upload the original."))
    video = _best([s for s in streams if s.get("codec_type") == "video" and not _is_picture(s)])
    audio = _best([s for s in streams if s.get("codec_type") == "audio" and int(s.get("channels") or 0) > 0])
    if video is None and audio is None:
        raise RejectedError(_("There is neither a film nor sound in this file."))
    if (video or audio or {}).get("codec_name") in {None, "unknown", "none"}:
        raise RejectedError(_("This file uses a format we do not know. Export it as MP4 (H.264) and upload that."))
    duration_ms = _duration_ms(container, video, audio)
    if duration_ms < policies.MIN_DURATION_MS:
        raise RejectedError(_("This file has no length: it may be a picture, or cut off. Upload the whole film."))
    if duration_ms > policies.MAX_DURATION_MS:
        raise RejectedError(_("This film is longer than twelve hours. Upload it in parts."))
    if video is None:
        return Facts(kind="audio", duration_ms=duration_ms, audio_index=audio["index"], channels=int(audio["channels"]))  # type: ignore[index]
    width, height = _shown_size(video)
    return Facts(
        kind="video",
        duration_ms=duration_ms,
        video_index=video["index"],
        audio_index=audio["index"] if audio else None,
        width=width,
        height=height,
        rate=str(policies.steady_rate(_fraction(video.get("avg_frame_rate")) or _fraction(video.get("r_frame_rate")))),
        interlaced=video.get("field_order") in {"tt", "bb", "tb", "bt"},
        hdr=video.get("color_transfer") in _HDR_TRANSFERS,
        channels=int(audio["channels"]) if audio else 0,
    )


def _is_protected(answer: dict[str, Any]) -> bool:
    """Old iTunes films say it in the codec tag, Common Encryption with each packet."""
    tags = {stream.get("codec_tag_string") for stream in answer.get("streams") or []}
    marks = {
        side.get("side_data_type")
        for packet in answer.get("packets") or []
        for side in packet.get("side_data_list") or []
    }
    return bool(tags & {"drmi", "drms", "encv", "enca"}) or "Encryption info" in marks


def _is_picture(stream: dict[str, Any]) -> bool:
    """A cover in a music file, not a film."""
    disposition = stream.get("disposition") or {}
    return bool(disposition.get("attached_pic") or disposition.get("still_image"))


def _best(streams: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The default one, else the first."""
    return next((s for s in streams if (s.get("disposition") or {}).get("default")), streams[0] if streams else None)


def _shown_size(video: dict[str, Any]) -> tuple[int, int]:
    width, height = int(video.get("width") or 0), int(video.get("height") or 0)
    if min(width, height) < policies.MIN_DIMENSION_PX:
        raise RejectedError(_("The picture of this film is far too small, far too large, or damaged."))
    if max(width, height) > policies.MAX_DIMENSION_PX or width * height > policies.MAX_PIXELS:
        raise RejectedError(
            _("The picture is %(width)s × %(height)s pixels: more than we can convert. The most is 8192 × 4320.")
            % {"width": width, "height": height}
        )
    aspect = _fraction(str(video.get("sample_aspect_ratio") or "").replace(":", "/"))
    if aspect and Fraction(1, 4) <= aspect <= 4:  # noqa: PLR2004  anything further is a broken header
        width = round(width * aspect)
    turns = [int(side.get("rotation") or 0) for side in video.get("side_data_list") or [] if "rotation" in side]
    if turns and turns[0] % 180:
        width, height = height, width
    return width, height


def _duration_ms(container: dict[str, Any], *streams: dict[str, Any] | None) -> int:
    found = [container.get("duration"), *(stream.get("duration") for stream in streams if stream)]
    lengths = [float(value) for value in found if value and re.fullmatch(r"\d+(\.\d+)?", str(value))]
    return round(max(lengths, default=0.0) * 1000)


def _fraction(text: str | None) -> Fraction | None:
    try:
        value = Fraction(text or "0")
    except (ValueError, ZeroDivisionError):
        return None
    return value if value > 0 else None


def _explain(detail: str) -> str:
    if "moov atom not found" in detail or "End of file" in detail or "EBML header parsing failed" in detail:
        return _("This file is incomplete: its end is missing. Export it again and upload the whole file.")
    return _("This is not a video or sound file we can read. Export it as MP4, MOV, MKV, MP3 or WAV and upload that.")

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction

from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.media import models, policies
from footlights.media.adapters import ffmpeg, programs, sealed
from footlights.media.adapters.ffmpeg import Facts
from footlights.media.adapters.workplace import workplace
from footlights.media.operations.make_stills import make_stills, plan_stills
from footlights.media.operations.source import open_source
from footlights.media.operations.steps import Step, advance, release_connection, report_progress, run_step
from footlights.media.policies import Rung


def transcode_first(*, asset_id: UUID) -> None:
    """Encode the rendition to watch first and the sound, and take the stills. Next: package them. Repeatable."""
    run_step(asset_id, Step.FIRST, _first)


def transcode_rest(*, asset_id: UUID) -> None:
    """Encode what is left of the ladder in one go. Next: package everything. Repeatable."""
    run_step(asset_id, Step.REST, _rest)


def _first(asset: models.Asset) -> None:
    facts = Facts(**asset.facts)
    rungs = [policies.first_rung(facts.rungs)] if facts.rungs else []
    sound = facts.audio_index is not None
    _encode(asset, facts, rungs=rungs, audio=sound, stills=True, niceness=programs.SOON, then=Step.PACKAGE_FIRST)


def _rest(asset: models.Asset) -> None:
    facts = Facts(**asset.facts)
    done = set(asset.renditions.values_list("name", flat=True))
    rungs = [rung for rung in facts.rungs if rung.name not in done]
    _encode(asset, facts, rungs=rungs, audio=False, stills=False, niceness=programs.LATER, then=Step.PACKAGE_ALL)


def _encode(
    asset: models.Asset,
    facts: Facts,
    *,
    rungs: Sequence[Rung],
    audio: bool,
    stills: bool,
    niceness: int,
    then: str,
) -> None:
    plan = plan_stills(facts) if stills and rungs else None
    with workplace() as folder:
        with open_source(asset) as source:
            ffmpeg.transcode(
                source,
                facts,
                rungs=rungs,
                audio=audio,
                stills=plan,
                niceness=niceness,
                folder=folder,
                on_progress=_reporter(asset),
            )
        pictures = make_stills(asset, plan, folder) if plan else None
        made = [_store(asset, folder / f"{rung.name}.mp4", rung) for rung in rungs]
        if audio:
            made.append(_store(asset, folder / "audio.mp4", None))
    release_connection()
    with transaction.atomic():
        changes = {"storyboard_path": pictures.storyboard_path} if pictures else {}
        kept = advance(asset, then, at=now(), **changes)
        if kept:
            models.Rendition.objects.bulk_create(made)
            if pictures:
                models.Picture.objects.bulk_create(pictures.candidates)
    if not kept:
        for rendition in made:
            storage.delete_prefix(rendition.object_prefix)


def _store(asset: models.Asset, path: Path, rung: Rung | None) -> models.Rendition:
    """Keep a finished rendition sealed until it is packaged for good."""
    prefix = f"work/{asset.id.hex}/{path.stem}-{new_token()}"
    size_bytes = sealed.put_file(prefix, path)
    path.unlink()
    return models.Rendition(
        asset=asset,
        name=path.stem,
        width=rung.width if rung else None,
        height=rung.height if rung else None,
        size_bytes=size_bytes,
        object_prefix=prefix,
    )


def _reporter(asset: models.Asset) -> Callable[[float], None]:
    """Writes percent and the seconds left, about once a second."""
    began = last = time.monotonic()

    def report(share: float) -> None:
        nonlocal last
        at = time.monotonic()
        if at - last < 1:
            return
        last = at
        left = round((at - began) / share * (1 - share)) if share > 0.02 else None  # noqa: PLR2004  too early to tell
        report_progress(asset, int(share * 100), left)

    return report

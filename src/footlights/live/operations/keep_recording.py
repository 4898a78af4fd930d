import logging
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate, zip_longest
from math import ceil
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from footlights.catalog.api import create_title, edit_title, get_channel, set_chapters
from footlights.ingest.api import Described, described_in, length_s
from footlights.kernel import environment
from footlights.kernel.events import publish
from footlights.live import models, queries
from footlights.live.events import Part, RecordingBegun
from footlights.live.operations.share_recording import share_recording
from footlights.live.policies import chapters_of
from footlights.live.records import Replay, State
from footlights.media.api import Stretch, append_to_upload, find_upload, joined_recording, start_upload
from footlights.monetization.api import note_replay

logger = logging.getLogger(__name__)

CLOSED_WITHIN = timedelta(seconds=30)  # of the end; else the ingest died, and what is there is all there is
KEPT_FOR = timedelta(days=1)  # for whoever is behind
KEPT_WITHOUT_RECORDING_FOR = timedelta(days=14)
AT_ONCE = 20
CLOCKS_DIFFER_S = 0.5


def keep_recording(*, broadcast_id: UUID, at: datetime) -> None:
    """Make a title of what was sent while it was on air, without the gaps; its pipeline goes on by itself.

    The title and its upload are made in one transaction with the broadcast's note of them, so a repeated or interrupted
    call goes on with the same ones. Does nothing for what is not over, or where nothing was sent.
    """
    row = models.BroadcastRow.objects.get(pk=broadcast_id)
    if row.state != State.ENDED or row.replay == Replay.NONE or _is_kept(row):
        return
    folder = environment.load().live / row.folder
    runs = sent_in(folder)
    if not runs:
        return
    with joined_recording(stretches_of(row, folder, runs)) as film:
        owner_id = get_channel(row.channel_id).owner_id
        upload_id = row.recording_upload_id or _begin(row, owner_id, film.stat().st_size, parts_of(folder, runs), at=at)
        upload = find_upload(upload_id)
        if upload is None:  # its title was deleted meanwhile
            return
        with film.open("rb") as body:
            body.seek(upload.offset_bytes)
            append_to_upload(upload_id=upload_id, owner_id=owner_id, offset_bytes=upload.offset_bytes, body=body, at=at)


def sent_in(folder: Path) -> list[Described]:
    """What was sent in public and has picture and sound, in its order."""
    runs = [run for run in described_in(folder) if run.is_public and run.source == "sender"]
    return [run for run in runs if _heights(folder / run.name) and (folder / run.name / "audio" / "1.m4s").exists()]


def stretches_of(row: models.BroadcastRow, folder: Path, runs: Sequence[Described]) -> list[Stretch]:
    """All of it in the best rendition that is there throughout, and nothing twice."""
    heights = [_heights(folder / run.name) for run in runs]
    throughout = set.intersection(*heights)
    return [
        Stretch(
            _pieces(folder / run.name / str(max(throughout or own)), most=most),
            _pieces(folder / run.name / "audio", most=most),
            *queries.run_key(row, run),
        )
        for run, own, most in zip(runs, heights, _cuts(folder, runs), strict=True)
    ]


def parts_of(folder: Path, runs: Sequence[Described]) -> list[Part]:
    """Where each run is in the recording, which has them one after the other."""
    lengths_ms = [
        round((length_s(folder / run.name) if most is None else most * run.segment_s) * 1_000)
        for run, most in zip(runs, _cuts(folder, runs), strict=True)
    ]
    starts_ms = accumulate(lengths_ms, initial=0)
    return [Part(run.began_at, start, length) for run, start, length in zip(runs, starts_ms, lengths_ms, strict=False)]


def _cuts(folder: Path, runs: Sequence[Described]) -> list[int | None]:
    """After how many segments each run is cut; None: it is not.

    When a packager stands still, its last segment may be there in some sizes only. Then the next run begins with it,
    and it is not of this one. A few pictures that the next run has again are left: so much do two senders differ.
    """
    cuts: list[int | None] = []
    for run, after in zip_longest(runs, runs[1:]):
        length = length_s(folder / run.name)
        again_s = length - (after.began_at - run.began_at) if after else 0.0
        times = int((again_s + CLOCKS_DIFFER_S) // run.segment_s)
        cuts.append(max(0, ceil(length / run.segment_s) - times) if times > 0 else None)
    return cuts


def _heights(run: Path) -> set[int]:
    return {int(path.parent.name) for path in run.glob("*/1.m4s") if path.parent.name.isdigit()}


def list_unkept(at: datetime) -> list[UUID]:
    """Broadcasts that ended and whose recording nobody has begun, though nothing comes any more."""
    is_silent = Q(heard_at=None) | Q(heard_at__lte=at - CLOSED_WITHIN)
    rows = models.BroadcastRow.objects.filter(
        is_silent, state=State.ENDED, recording_upload_id=None, ended_at__gt=at - KEPT_WITHOUT_RECORDING_FOR
    ).exclude(replay=Replay.NONE)
    return list(rows.order_by("ended_at").values_list("pk", flat=True)[:AT_ONCE])


def forget_folders(at: datetime) -> int:
    """Remove what nobody needs any more of broadcasts that are over; returns how many folders."""
    removed = 0
    root = environment.load().live
    for folder in sorted(root.iterdir()) if root.exists() else []:
        row = models.BroadcastRow.objects.filter(folder=folder.name).first()
        if row is None or (row.ended_at and row.ended_at <= at - (KEPT_FOR if _is_kept(row) else _patience(row))):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _patience(row: models.BroadcastRow) -> timedelta:
    is_to_come = row.state == State.ENDED and row.replay != Replay.NONE
    return KEPT_WITHOUT_RECORDING_FOR if is_to_come else KEPT_FOR


def _is_kept(row: models.BroadcastRow) -> bool:
    """Whether the whole recording arrived."""
    upload = find_upload(row.recording_upload_id) if row.recording_upload_id else None
    return upload is not None and upload.state == "complete"


def _pieces(track: Path, *, most: int | None) -> list[Path]:
    segments = sorted(track.glob("*.m4s"), key=lambda path: int(path.stem))
    return [track / "init.mp4", *segments[:most]]


@transaction.atomic
def _begin(row: models.BroadcastRow, owner_id: UUID, size_bytes: int, parts: list[Part], *, at: datetime) -> UUID:
    """The title, with its words and chapters, for those whom the broadcast was for. Publishes RecordingBegun."""
    upload = start_upload(
        owner_id=owner_id, filename=f"{row.name}.mp4", size_bytes=size_bytes, content_type="video/mp4", at=at
    )
    title = create_title(channel_id=row.channel_id, editor_id=owner_id, name=row.name, upload_id=upload.id, at=at)
    kept = models.BroadcastRow.objects.filter(pk=row.pk, recording_upload_id=None).update(
        recording_upload_id=upload.id, recording_title_id=title.id
    )
    if not kept:
        raise RuntimeError("Two recordings of one broadcast were begun.")  # the lock of its job forbids it
    edit_title(title_id=title.id, editor_id=owner_id, at=at, description=row.words, poster_id=row.poster_id)
    set_chapters(title_id=title.id, editor_id=owner_id, chapters=chapters_of(parts), at=at)
    note_replay(broadcast_id=row.pk, title_id=title.id, at=at)
    if row.replay == Replay.SHARED:
        share_recording(row, title_id=title.id, owner_id=owner_id, at=at)
    publish(RecordingBegun(row.pk, title.id, parts, at))
    return upload.id

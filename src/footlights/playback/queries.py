"""Bounded reads of what people watched."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Sum

from footlights.catalog.api import list_next_episodes
from footlights.kernel.reads import fetch_rows
from footlights.playback.models import ChannelEmbedding, DailyViews, Screen, WatchProgress
from footlights.playback.policies import RESUME_FROM_MS, resume_point_ms
from footlights.playback.records import EmbedPolicy, Progress, ScreenTime

MAX_ROWS = 500
SCREEN_TIMES_MAX = 100
LOOKED_AT = 100
PROGRESS = """
select title_id, position_ms, duration_ms, at, finished from playback_watchprogress
where viewer_id = %(viewer_id)s and title_id = any(%(title_ids)s)
"""
WATCHED = """
select title_id, position_ms, duration_ms, at, finished from playback_watchprogress
where viewer_id = %(viewer_id)s and (finished or position_ms >= %(from_ms)s) order by at desc limit %(limit)s
"""
SEEN = """
select
    (select position_ms from playback_watchprogress where viewer_id = %(viewer_id)s::uuid and title_id = %(title_id)s),
    (select sum(views)::bigint from playback_dailyviews where title_id = %(title_id)s)
"""


def list_continue_watching(viewer_id: UUID, at: datetime, limit: int = 20) -> list[Progress]:
    """What the person began and did not finish, and what follows an episode they finished, at its start; newest first.

    One query for who finished nothing, else three. Looks at the last 100 titles they watched.
    """
    asked = {"viewer_id": viewer_id, "from_ms": RESUME_FROM_MS, "limit": LOOKED_AT}
    watched = [Progress(*row) for row in fetch_rows(WATCHED, asked)]
    following = list_next_episodes([each.title_id for each in watched if each.finished], at)
    known = progress_for(viewer_id, following.values())
    going_on: dict[UUID, Progress] = {}
    for each in watched:
        if not each.finished:
            going_on[each.title_id] = each
        elif (after := following.get(each.title_id)) and not _is_begun(known.get(after)):
            going_on.setdefault(after, Progress(after, 0, 0, each.at))
    return list(going_on.values())[:limit]


def _is_begun(progress: Progress | None) -> bool:
    return progress is not None and (progress.finished or progress.position_ms >= RESUME_FROM_MS)


def list_history(viewer_id: UUID, limit: int = 50, offset: int = 0) -> list[Progress]:
    """Everything the person watched, the newest first."""
    rows = WatchProgress.objects.filter(viewer_id=viewer_id).order_by("-at", "title_id")
    return [_record(row) for row in rows[offset : offset + min(limit, MAX_ROWS)]]


def count_history(viewer_id: UUID) -> int:
    """How many titles the person watched."""
    return WatchProgress.objects.filter(viewer_id=viewer_id).count()


def progress_for(viewer_id: UUID | None, title_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """The person's progress in those of `title_ids` they watched."""
    wanted = list(title_ids)[:MAX_ROWS]
    if viewer_id is None or not wanted:
        return {}
    rows = fetch_rows(PROGRESS, {"viewer_id": viewer_id, "title_ids": wanted})
    return {row[0]: Progress(*row) for row in rows}


def progress_of(viewer_ids: Iterable[UUID], title_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Progress]:
    """How far each of some people came in each of some titles; by person and title, at most 500."""
    viewers, titles = list(viewer_ids)[:MAX_ROWS], list(title_ids)[:MAX_ROWS]
    if not viewers or not titles:
        return {}
    rows = WatchProgress.objects.filter(viewer_id__in=viewers, title_id__in=titles).order_by("-at", "pk")[:MAX_ROWS]
    return {(row.viewer_id, row.title_id): _record(row) for row in rows}


def list_screen_time(viewer_id: UUID, *, since: datetime, until: datetime) -> list[ScreenTime]:
    """What the person played then, by title and device, the first begun first; at most 100. Screens of ninety days."""
    rows = (
        Screen.objects.filter(viewer_id=viewer_id, started_at__gte=since, started_at__lt=until)
        .values_list("title_id", "device")
        .annotate(
            screens=Count("id"), watched_ms=Sum("watched_ms"), first_at=Min("started_at"), last_at=Max("last_beat_at")
        )
    )
    return [ScreenTime(*row) for row in rows.order_by("first_at", "title_id", "device")[:SCREEN_TIMES_MAX]]


def resume_at_ms(viewer_id: UUID | None, title_id: UUID, duration_ms: int) -> int:
    """Where the person should go on; 0 is the start."""
    progress = progress_for(viewer_id, [title_id]).get(title_id)
    return resume_point_ms(progress.position_ms, duration_ms) if progress else 0


def resume_and_views(viewer_id: UUID | None, title_id: UUID, duration_ms: int) -> tuple[int, int]:
    """Where the person should go on in milliseconds, 0 for the start; and how often it was viewed. One query."""
    [(position_ms, views)] = fetch_rows(SEEN, {"viewer_id": viewer_id, "title_id": title_id})
    return resume_point_ms(position_ms, duration_ms) if position_ms else 0, views or 0


def view_counts(title_ids: Iterable[UUID], *, since: datetime | None = None) -> dict[UUID, int]:
    """Views of each title, of all time or from the day (UTC) of `since`; 0 where nobody watched."""
    wanted = list(title_ids)[:MAX_ROWS]
    days = DailyViews.objects.filter(title_id__in=wanted)
    if since is not None:
        days = days.filter(day__gte=since.astimezone(UTC).date())
    counts = dict(days.values_list("title_id").annotate(total=Sum("views"))) if wanted else {}
    return {title_id: counts.get(title_id, 0) for title_id in wanted}


def get_embed_policy(channel_id: UUID) -> EmbedPolicy:
    """Where the channel's player may be embedded. Unless its people opened it, only on our own site."""
    row = ChannelEmbedding.objects.filter(channel_id=channel_id).first()
    return (
        EmbedPolicy(channel_id, anywhere=row.anywhere, domains=tuple(row.domains)) if row else EmbedPolicy(channel_id)
    )


def _record(row: WatchProgress) -> Progress:
    return Progress(row.title_id, row.position_ms, row.duration_ms, row.at, finished=row.finished)

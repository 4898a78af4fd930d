"""Who tells how long people watched. Whoever knows registers here; the pass is shared by what they say."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from footlights.subscriptions.records import Watched

Source = Callable[[Sequence[uuid.UUID], date, date], Iterable[Watched]]
_sources: list[Source] = []


def register_watch_time(source: Source) -> None:
    """`source` is asked for some viewers, from a UTC day on, up to another that is left out."""
    if source not in _sources:
        _sources.append(source)


def watched_by(viewer_ids: Sequence[uuid.UUID], from_day: date, until_day: date) -> Iterable[Watched]:
    for source in _sources:
        yield from source(viewer_ids, from_day, until_day)

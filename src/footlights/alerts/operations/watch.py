"""One look, every second: feed the detectors with what the trail and the tallies hold, raise what they say.

Every record is looked at once. How far the look went is written in the transaction that raises what it found, so a
process that is killed loses nothing and tells nothing twice. One process looks at a time; what its detectors remember
the next one reads again from the trail.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from footlights.accounts.api import list_persons
from footlights.alerts import policies
from footlights.alerts.detectors import SERIES, Detectors
from footlights.alerts.models import CountryRow, HourRow, WatchRow
from footlights.alerts.operations import reading
from footlights.alerts.operations.raise_alerts import end_quiet, raise_alerts
from footlights.alerts.policies import HOUR
from footlights.alerts.records import Happening, Trip, What
from footlights.audit.api import (
    Ends,
    count_by_hour,
    list_latest,
    list_taken_tallies,
    read_ends,
    read_onward,
    take_tallies,
)
from footlights.kernel.reads import fetch_rows

logger = logging.getLogger(__name__)
LOCK = (61474, 1000)  # of PostgreSQL's advisory locks, ours: whoever holds it looks
REMEMBERED = timedelta(days=1)  # the widest window
REMEMBERED_MAX = 200_000
LATE_MAX = timedelta(days=2)  # what the trail got while nobody looked for longer is not told any more
NOTED_EVERY_S = 20.0


class Watch:
    """Held by the process that looks, on a database connection it keeps: `look` again and again."""

    def __init__(self) -> None:
        self._detectors: Detectors | None = None
        self._hour = 0
        self._noted_at = 0.0

    def look(self, *, at: datetime, trips: Sequence[Trip] = ()) -> int | None:
        """Raise what is unusual since the last look, and `trips` that others noticed; how many alerts were opened.

        None when another process looks. After an error the next look begins anew.
        """
        if self._detectors is None:
            if not fetch_rows("select pg_try_advisory_lock(%s, %s)", LOCK)[0][0]:
                return None
            self._detectors, self._hour = _remember(at), int(at.timestamp() // HOUR)
        try:
            return self._look(self._detectors, at, trips)
        except BaseException:
            self._detectors = None
            raise

    @transaction.atomic
    def _look(self, detectors: Detectors, at: datetime, trips: Sequence[Trip]) -> int:
        row = WatchRow.objects.get(pk=WatchRow.ONLY_ID)
        reached = {int(chain): position for chain, position in row.reached.items()}
        records, ends = read_onward(reached, since=at - LATE_MAX)
        happenings = [*reading.of_records(records), *reading.of_tallies(take_tallies(), at=at)]
        found = [*trips, *(trip for each in _with_countries(happenings, at) for trip in detectors.feed(each))]
        opened = raise_alerts(found, at=at)
        seconds = at.timestamp()
        if ends != reached or seconds - self._noted_at >= NOTED_EVERY_S:
            self._noted_at = seconds
            WatchRow.objects.filter(pk=row.pk).update(reached=ends, looked_at=at)
            end_quiet(at=at)
        if (hour := int(seconds // HOUR)) != self._hour:
            _keep_hours(detectors, self._hour)
            self._hour = hour
            for series in detectors.series.values():
                series.forget_hours_before(hour - (policies.WEEKS_COMPARED + 1) * 168)
        return opened


def release() -> None:
    """Let another process look. A connection that ends does the same."""
    fetch_rows("select pg_advisory_unlock(%s, %s)", LOCK)


def _remember(at: datetime) -> Detectors:
    """Detectors that know the hours of past weeks and what happened within a day, up to where the last look went."""
    row = WatchRow.objects.filter(pk=WatchRow.ONLY_ID).first()
    if row is None:
        _begin(at)
        row = WatchRow.objects.get(pk=WatchRow.ONLY_ID)
    hours: dict[str, dict[int, int]] = {what: {} for what in SERIES}
    begins = int(at.timestamp() // HOUR) - int(REMEMBERED.total_seconds() // HOUR)
    rows = HourRow.objects.filter(hour__gte=begins - (policies.WEEKS_COMPARED + 1) * 168)
    for series, hour, count in rows.values_list("series", "hour", "count"):
        if series in hours and hour < begins:  # the hours since then are counted again below
            hours[series][hour] = count
    began = HourRow.objects.order_by("hour").values_list("hour", flat=True).first()
    detectors = Detectors(began=begins if began is None else began, hours=hours)
    since = datetime.fromtimestamp(begins * HOUR, UTC)
    reached = {int(chain): position for chain, position in row.reached.items()}
    newer = {record.id for record in read_onward(reached, since=at - LATE_MAX)[0]}
    records = [each for each in list_latest(reading.ACTS, since=since, limit=REMEMBERED_MAX) if each.id not in newer]
    lasting = at - timedelta(seconds=policies.REDIRECTED_WITHIN_S)
    older = list_latest(reading.LASTING, since=lasting, limit=REMEMBERED_MAX)
    records += [each for each in older if each.at < since]
    tallies = reading.of_tallies(list_taken_tallies(since=since, limit=REMEMBERED_MAX))
    for each in sorted([*reading.of_records(records), *tallies], key=lambda happening: happening.at):
        detectors.feed(replace(each, country=""))
    for what, kept in detectors.series.items():  # a series that the trail tells only half keeps its counts
        stored = dict(HourRow.objects.filter(series=what, hour__gte=begins).values_list("hour", "count"))
        for hour, count in stored.items():
            kept.hours[hour] = max(kept.hours.get(hour, 0), count)
    return detectors


@transaction.atomic
def _begin(at: datetime) -> None:
    """The first look ever: begin at the trail's end, and count the hours of the weeks that it tells of."""
    since = at - timedelta(weeks=policies.WEEKS_COMPARED + 1)
    for what, acts, kind in reading.SERIES_IN_TRAIL:
        counted = count_by_hour(acts, since=since, object_kind=kind)
        HourRow.objects.bulk_create(
            [HourRow(series=what, hour=hour, count=count) for hour, count in counted.items()], ignore_conflicts=True
        )
    ends: Ends = read_ends()
    WatchRow.objects.get_or_create(pk=WatchRow.ONLY_ID, defaults={"reached": ends, "looked_at": at})


def _keep_hours(detectors: Detectors, upto: int) -> None:
    """Write down the hours that are over: this one, and those before that somebody else left open."""
    rows = [
        HourRow(series=what, hour=hour, count=series.hours[hour])
        for what, series in detectors.series.items()
        for hour in range(upto - 24, upto + 1)
        if hour in series.hours
    ]
    HourRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["series", "hour"], update_fields=["count"])


def _with_countries(happenings: Iterable[Happening], at: datetime) -> list[Happening]:
    """Of each sign-in, its country stays only if it is new to an account that has signed in from others."""
    happenings = list(happenings)
    came = [each for each in happenings if each.what is What.SIGNED_IN and each.country]
    if not came:
        return happenings
    known: dict[str, set[str]] = {}
    accounts = {each.account for each in came}
    for account, country in CountryRow.objects.filter(account__in=accounts).values_list("account", "country"):
        known.setdefault(account, set()).add(country)
    trusted = {str(person.id) for person in list_persons(map(UUID, accounts)).values() if person.roles}
    told: list[Happening] = []
    for each in happenings:
        if each.what is not What.SIGNED_IN or not each.country:
            told.append(each)
            continue
        before = known.setdefault(each.account, set())
        is_new = bool(before) and each.country not in before
        if each.country not in before:
            CountryRow.objects.get_or_create(account=each.account, country=each.country, defaults={"since": at})
            before.add(each.country)
        told.append(replace(each, country=each.country if is_new else "", is_trusted=each.account in trusted))
    return told

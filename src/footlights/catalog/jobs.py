"""The catalog's own jobs: telling of scheduled titles, and clearing away what is gone."""

from uuid import UUID

from footlights.catalog.operations import announce_due as announcing
from footlights.catalog.operations import discard_asset as discarding
from footlights.catalog.operations import end_uploads as ending
from footlights.catalog.operations import purge_titles as purging
from footlights.kernel.clock import now
from footlights.kernel.jobs import job


@job(cron="* * * * *")
def announce_due(timestamp: int) -> None:  # noqa: ARG001  the clock's jobs are given it
    announcing.announce_due(at=now())


@job(cron="23 * * * *")
def purge_titles(timestamp: int) -> None:  # noqa: ARG001  as above
    purging.purge_titles(at=now())


@job(tries=8)
def end_uploads(channel_id: str, person_id: str) -> None:
    ending.end_uploads(channel_id=UUID(channel_id), person_id=UUID(person_id), at=now())


@job(tries=8)
def discard_asset(asset_id: str, title_id: str) -> None:
    discarding.discard_asset(asset_id=UUID(asset_id), title_id=UUID(title_id), at=now())

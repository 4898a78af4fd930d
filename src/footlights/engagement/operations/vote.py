"""Votes. Joins the transaction that holds the room, so that none is counted twice or left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import PollRow, VoteRow
from footlights.engagement.operations.floor import Floor
from footlights.engagement.records import PollKind, PollState
from footlights.engagement.wire import Vote

Cast = tuple[PollRow, UUID, list[int]]  # by whom in which poll, and what they chose
KEEP = """
    insert into engagement_vote (poll_id, viewer_id, choices, at, is_since)
    select poll_id, viewer_id, choices::smallint[], %s, false
    from unnest(%s::uuid[], %s::uuid[], %s::text[]) as vote (poll_id, viewer_id, choices)
"""


def vote(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Keep and count each person's vote once. The same again is answered the same; another one is refused."""
    polls = _polls(floor, spoken)
    voters = {viewer_id for viewer_id, _body in spoken}
    known = VoteRow.objects.filter(poll__in=polls, viewer_id__among=voters)
    cast = {
        (poll_id, viewer_id): choices
        for poll_id, viewer_id, choices in known.values_list("poll_id", "viewer_id", "choices")
    }
    fresh: list[Cast] = []
    for viewer_id, body in spoken:
        try:
            poll, choices = _chosen(floor, viewer_id, body, polls)
            before = cast.get((poll.pk, viewer_id))
            if before is None:
                _require_open(poll, floor.at)
                cast[poll.pk, viewer_id] = choices
                fresh.append((poll, viewer_id, choices))
            elif before != choices:
                raise RefusedError("voted")  # noqa: TRY301  answered below as any other refusal
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
        else:
            floor.answer(viewer_id, body.key)
    if fresh:
        _keep(floor, fresh)
        _count(floor, fresh)


def _polls(floor: Floor, spoken: list[tuple[UUID, Any]]) -> dict[UUID, PollRow]:
    """Those that are meant. One the batch changed already is taken as it is now."""
    wanted = {body.poll for _viewer_id, body in spoken} - floor.polls.keys()
    found = PollRow.objects.filter(room=floor.room, pk__in=wanted)
    return {**{row.pk: row for row in found}, **floor.polls}


def _chosen(floor: Floor, viewer_id: UUID, body: Vote, polls: Mapping[UUID, PollRow]) -> tuple[PollRow, list[int]]:
    floor.viewer(viewer_id)
    poll = polls.get(body.poll)
    if poll is None:
        raise RefusedError("gone")
    return poll, policies.check_choices(body.choices, kind=PollKind(poll.kind), count=len(poll.choices))


def _require_open(poll: PollRow, at: datetime) -> None:
    """To the second, whether somebody has closed it by then or not."""
    if poll.state != PollState.OPEN or (poll.closes_at is not None and at >= poll.closes_at):
        raise RefusedError("closed")


def _keep(floor: Floor, fresh: list[Cast]) -> None:
    """One statement with three arrays: thousands come at once, and an object for each costs more than its row."""
    polls = "{" + ",".join(poll.pk.hex for poll, _viewer_id, _choices in fresh) + "}"
    viewers = "{" + ",".join(viewer_id.hex for _poll, viewer_id, _choices in fresh) + "}"
    choices = ["{" + ",".join(map(str, chosen)) + "}" for _poll, _viewer_id, chosen in fresh]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [floor.at, polls, viewers, choices])


def _count(floor: Floor, fresh: list[Cast]) -> None:
    changed = {poll.pk: poll for poll, _viewer_id, _choices in fresh}
    for poll, _viewer_id, choices in fresh:
        poll.voters += 1
        for choice in choices:
            poll.counts[choice] += 1
    for poll in changed.values():
        poll.save(update_fields=["counts", "voters"])
    floor.polls |= changed

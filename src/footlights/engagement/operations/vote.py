"""Votes. Joins the transaction that holds the room, so that none is counted twice or left out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import PollRow, VoteRow
from footlights.engagement.operations.floor import Floor
from footlights.engagement.records import PollKind, PollState
from footlights.engagement.wire import Vote


def vote(floor: Floor, spoken: list[tuple[UUID, Any]]) -> None:
    """Keep and count each person's vote once. The same again is answered the same; another one is refused."""
    polls = _polls(floor, spoken)
    cast = {
        (row.poll_id, row.viewer_id): list(row.choices)
        for row in VoteRow.objects.filter(poll__in=polls, viewer_id__in={viewer_id for viewer_id, _body in spoken})
    }
    fresh: list[VoteRow] = []
    for viewer_id, body in spoken:
        try:
            row = _vote(floor, viewer_id, body, polls.get(body.poll))
            before = cast.get((row.poll_id, viewer_id))
            if before is None:
                _require_open(row.poll, floor.at)
                cast[row.poll_id, viewer_id] = row.choices
                fresh.append(row)
            elif before != row.choices:
                raise RefusedError("voted")  # noqa: TRY301  answered below as any other refusal
        except RefusedError as error:
            floor.answer(viewer_id, body.key, refused=error.code)
        else:
            floor.answer(viewer_id, body.key)
    VoteRow.objects.bulk_create(fresh)
    _count(floor, fresh)


def _polls(floor: Floor, spoken: list[tuple[UUID, Any]]) -> dict[UUID, PollRow]:
    """Those that are meant. One the batch changed already is taken as it is now."""
    wanted = {body.poll for _viewer_id, body in spoken} - floor.polls.keys()
    found = PollRow.objects.filter(room=floor.room, pk__in=wanted)
    return {**{row.pk: row for row in found}, **floor.polls}


def _vote(floor: Floor, viewer_id: UUID, body: Vote, poll: PollRow | None) -> VoteRow:
    viewer = floor.viewer(viewer_id)
    if poll is None:
        raise RefusedError("gone")
    choices = policies.check_choices(body.choices, kind=PollKind(poll.kind), count=len(poll.choices))
    return VoteRow(poll=poll, viewer=viewer, choices=choices, at=floor.at)


def _require_open(poll: PollRow, at: datetime) -> None:
    """To the second, whether somebody has closed it by then or not."""
    if poll.state != PollState.OPEN or (poll.closes_at is not None and at >= poll.closes_at):
        raise RefusedError("closed")


def _count(floor: Floor, fresh: list[VoteRow]) -> None:
    changed = {row.poll_id: row.poll for row in fresh}
    for row in fresh:
        poll = changed[row.poll_id]
        poll.voters += 1
        for choice in row.choices:
            poll.counts[choice] += 1
    for poll in changed.values():
        poll.save(update_fields=["counts", "voters"])
    floor.polls |= changed

"""Whoever sees the recording votes in the polls of its room, which are over. Tallied apart from what was voted live."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import BanRow, PollRow, ViewerRow, VoteRow
from footlights.engagement.records import PollKind, Replay, ReplayPoll
from footlights.engagement.replaying import over_in, tell_again
from footlights.engagement.staff import is_member_of


def vote_since(replay: Replay, *, poll_id: UUID, person_id: UUID, choices: Iterable[int], at: datetime) -> ReplayPoll:
    """Keep and count their one vote; the poll as it is then. Once it returns, the vote is in the database.

    Whether they may see the recording is for the caller to know. Whoever voted live has voted. The same again is
    answered the same. Locks the poll's row. Raises RefusedError: "gone" (there is none such of this room that is over),
    "choice", "voted" for something else, "banned".
    """
    is_member = is_member_of(replay.channel_id, person_id, at)
    with transaction.atomic():
        if BanRow.objects.filter(channel_id=replay.channel_id, person_id=person_id).exists():
            raise RefusedError("banned")
        poll = over_in(replay.room_id).select_for_update(of=("self",), no_key=True).select_related("room")
        row = poll.filter(pk=poll_id).first()
        if row is None:
            raise RefusedError("gone")
        kept = policies.check_choices(list(choices), kind=PollKind(row.kind), count=len(row.choices))
        viewer, _is_new = ViewerRow.objects.get_or_create(
            room_id=replay.room_id, person_id=person_id, defaults={"created_at": at, "is_member": is_member}
        )
        vote, is_new = VoteRow.objects.get_or_create(
            poll=row, viewer=viewer, defaults={"choices": kept, "at": at, "is_since": True}
        )
        if is_new:
            _count(row, kept)
        elif list(vote.choices) != kept:
            raise RefusedError("voted")
    return tell_again(row, replay.parts)


def _count(row: PollRow, choices: Iterable[int]) -> None:
    counts = list(row.since_counts) or [0] * len(row.choices)
    for choice in choices:
        counts[choice] += 1
    row.since_counts, row.since_voters = counts, row.since_voters + 1
    row.save(update_fields=["since_counts", "since_voters"])

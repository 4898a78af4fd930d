"""Pure rules of broadcasts: which one a key sends to, who watches, what their words may be."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from footlights.catalog.api import Chapter
from footlights.kernel.errors import InvalidInputError
from footlights.live.events import Part
from footlights.live.records import Access, Broadcast, NewBroadcast, Replay, State

MAX_NAME_CHARS = 150
MAX_WORDS_CHARS = 5_000
MAX_PLANNED = 100  # of a channel
FURTHEST = timedelta(days=366)
EARLY = timedelta(hours=12)  # how long before its start a sender is for this broadcast
KEY_LASTS_S = 600  # where access is paid for
LATE = timedelta(hours=24)  # how long after; then it is forgotten
REMINDED_BEFORE = timedelta(minutes=30)  # the start that was announced
TELLING_SHIFT = timedelta(minutes=15)  # whoever was reminded is again when the start moves by this much
BEGUN_WITHIN = timedelta(minutes=15)  # who was not reminded of what began early, or while no mail went out, still is
HEARD_WITHIN = timedelta(seconds=10)  # another ingest that told of a sender so lately still has it


def check_plan(new: NewBroadcast, at: datetime) -> NewBroadcast:
    """As it is stored. Raises InvalidInputError."""
    name = " ".join(new.name.split())
    if not name:
        raise InvalidInputError(_("Give it a name."), field="name")
    if len(name) > MAX_NAME_CHARS:
        raise InvalidInputError(_("Keep it under %(limit)d characters.") % {"limit": MAX_NAME_CHARS}, field="name")
    if len(new.words) > MAX_WORDS_CHARS:
        raise InvalidInputError(_("Keep it under %(limit)d characters.") % {"limit": MAX_WORDS_CHARS}, field="words")
    starts_at = new.starts_at or at
    if starts_at > at + FURTHEST:
        raise InvalidInputError(_("Choose a date within the next year."), field="starts_at")
    if starts_at < at - LATE:
        raise InvalidInputError(_("That moment has passed. Choose a later one."), field="starts_at")
    is_for_members = bool(new.tier and new.tier > 0)
    if new.access is not Access.TICKETS and (new.access is Access.MEMBERS) != is_for_members:
        raise InvalidInputError(_("Say from which membership on it is open."), field="tier")
    if (new.access is Access.TICKETS) != (new.ticket is not None):
        raise InvalidInputError(_("Say what a ticket costs."), field="price")
    if new.ticket and new.ticket.replay_days != 0 and new.replay is Replay.NONE:
        raise InvalidInputError(
            _("Tickets open the recording: keep it, or sell them for the broadcast alone."), field="afterwards"
        )
    return replace(new, name=name, words=new.words.strip(), starts_at=starts_at)


def broadcast_to_send_to(of_channel: Iterable[Broadcast], at: datetime) -> Broadcast | None:
    """What is on air goes on; else the planned one whose start is nearest, if it is near at all."""
    near = []
    for each in of_channel:
        if each.state is State.ON_AIR:
            return each
        if each.state is State.PLANNED and each.starts_at - EARLY <= at <= each.starts_at + LATE:
            near.append(each)
    return min(near, key=lambda each: abs(each.starts_at - at), default=None)


def chapters_of(parts: Sequence[Part]) -> list[Chapter]:
    """One for each time the picture began."""
    later = [_("Part %(number)d") % {"number": number} for number in range(2, len(parts) + 1)]
    return [Chapter(part.starts_ms, name) for part, name in zip(parts, [_("Beginning"), *later], strict=True)]


def is_visible(broadcast: Broadcast) -> bool:
    """Whether its page is there for others than its team. Whoever may not watch is told how to."""
    return broadcast.state is not State.CANCELLED


def takes_reminders(broadcast: Broadcast, at: datetime) -> bool:
    """Whether there is still a mail to wait for."""
    return broadcast.state is State.PLANNED and broadcast.starts_at - REMINDED_BEFORE > at

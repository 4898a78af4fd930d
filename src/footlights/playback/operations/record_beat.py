from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.monetization.api import begins_screening, may_watch
from footlights.playback.errors import ScreenOverError
from footlights.playback.models import Screen
from footlights.playback.operations.start_watching import alive_screens, lock_places
from footlights.playback.policies import (
    FASTEST_SPEED,
    MAX_POSITION_MS,
    MAX_SEQUENCE,
    SILENT_AFTER,
    TOKEN_RENEWED_AFTER,
    VIEW_COUNTS_AGAIN_AFTER,
)
from footlights.playback.records import BeatAnswer
from footlights.playback.tokens import Token, read_token, write_token

CLOCK_SLACK = timedelta(seconds=5)

# One statement: the screen lives on, the person's progress moves, and a first sufficient beat counts a view.
# Only a screen that is alive and has not seen this sequence number takes the beat, so a repeated or late one changes
# nothing.
# A told `watched_ms` cannot outrun the clock. The last select reads the screen as it was before.
TAKE_BEAT = """
with beat as (
    update playback_screen as screen
    set last_beat_at = greatest(last_beat_at, %(at)s),
        sequence = %(sequence)s,
        position_ms = least(%(position_ms)s, duration_ms),
        watched_ms = greatest(watched_ms, played.ms),
        counted_by_sequence = case
            when counted_by_sequence is null and played.ms >= view_at_ms and not exists (
                select from playback_screen as other
                where other.session_digest = screen.session_digest and other.title_id = screen.title_id
                and other.counted_by_sequence is not null and other.started_at > %(counts_again_since)s
            ) then %(sequence)s
            else counted_by_sequence end
    from (
        select id, least(%(watched_ms)s,
            extract(epoch from %(at)s - started_at) * %(fastest_ms_per_s)s + %(slack_ms)s)::integer as ms
        from playback_screen where id = %(screen_id)s
    ) as played
    where screen.id = played.id and ended_at is null and last_beat_at > %(alive_since)s and sequence < %(sequence)s
    returning viewer_id, screen.title_id, position_ms, duration_ms, credits_at_ms, counted_by_sequence
), progress as (
    insert into playback_watchprogress (viewer_id, title_id, position_ms, duration_ms, finished, at)
    select viewer_id, title_id, position_ms, duration_ms, duration_ms > 0 and position_ms >= credits_at_ms, %(at)s
    from beat where viewer_id is not null
    on conflict (viewer_id, title_id) do update
    set position_ms = excluded.position_ms, duration_ms = excluded.duration_ms,
        finished = excluded.finished, at = excluded.at
    where excluded.at >= playback_watchprogress.at
), counted as (
    insert into playback_dailyviews (title_id, day, views)
    select title_id, (%(at)s at time zone 'utc')::date, 1 from beat where counted_by_sequence = %(sequence)s
    on conflict (title_id, day) do update set views = playback_dailyviews.views + 1
)
select exists (select from beat), ended_at is not null, end_reason, ended_by_device,
    last_beat_at > %(alive_since)s, holder
from playback_screen where id = %(screen_id)s
"""


def record_beat(
    *,
    token: str,
    session_keys: Iterable[str],
    sequence: int,
    position_ms: int,
    watched_ms: int,
    at: datetime,
    leaving: bool = False,
) -> BeatAnswer:
    """Say that a screen still plays: its place is kept, progress and views move. `watched_ms` is all it played so far.

    Idempotent by `sequence`, which grows with every beat of a screen. A screen that was silent lost its place and
    takes it again if one is free. Past half its life the token is renewed, after asking `may_watch` again. `leaving`
    ends the screen after this beat.
    Raises TokenRefusedError, ScreenOverError, InvalidInputError.
    """
    _require_bounded(sequence, position_ms, watched_ms)
    claim = read_token(token, session_keys=session_keys, at=at)
    beat: dict[str, UUID | datetime | int] = {
        "screen_id": claim.screen_id, "sequence": sequence, "position_ms": position_ms, "watched_ms": watched_ms,
        "at": at,
        "alive_since": at - SILENT_AFTER, "counts_again_since": at - VIEW_COUNTS_AGAIN_AFTER,
        "fastest_ms_per_s": FASTEST_SPEED * 1000, "slack_ms": CLOCK_SLACK // timedelta(milliseconds=1),
    }  # fmt: skip
    taken, ended, reason, device, alive, holder = _execute(beat)
    if ended:
        return _stopped(reason, device)
    if not taken and not alive and not leaving:
        newer_device = _revive(claim.screen_id, holder, at)
        if newer_device is not None:
            return _stopped(Screen.EndReason.DISPLACED, newer_device)
        _execute(beat)
    if leaving:
        _end(claim.screen_id, Screen.EndReason.STOPPED, at)
        return BeatAnswer()
    return _renewed(claim, at)


def _require_bounded(sequence: int, position_ms: int, watched_ms: int) -> None:
    if not 0 < sequence <= MAX_SEQUENCE:
        raise InvalidInputError("Beats are numbered from 1.", field="sequence")
    if not 0 <= position_ms <= MAX_POSITION_MS:
        raise InvalidInputError("That is not a position in a film.", field="position_ms")
    if not 0 <= watched_ms <= MAX_SEQUENCE:
        raise InvalidInputError("That is not a played time.", field="watched_ms")


def _execute(beat: Mapping[str, UUID | datetime | int]) -> tuple[bool, bool, str | None, str, bool, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BEAT, beat)
        row = cursor.fetchone()
    if row is None:
        raise ScreenOverError("This screen is not known any more.")
    return row  # type: ignore[no-any-return]  # the select's six columns


def _revive(screen_id: UUID, holder: UUID, at: datetime) -> str | None:
    """Give a silent screen its place again; if none is free end it and return the device that has it."""
    with transaction.atomic():
        lock_places(holder)
        others = list(
            alive_screens(holder, at).exclude(id=screen_id).order_by("-started_at").values_list("device", flat=True)
        )
        if len(others) >= settings.MAX_SCREENS_PER_ACCOUNT:
            _end(screen_id, Screen.EndReason.DISPLACED, at, device=others[0])
            return str(others[0])
        Screen.objects.filter(id=screen_id, ended_at=None).update(last_beat_at=at)
    return None


def _end(screen_id: UUID, reason: Screen.EndReason, at: datetime, *, device: str = "") -> None:
    Screen.objects.filter(id=screen_id, ended_at=None).update(ended_at=at, end_reason=reason, ended_by_device=device)


def _renewed(claim: Token, at: datetime) -> BeatAnswer:
    if at - claim.issued_at < TOKEN_RENEWED_AFTER:
        return BeatAnswer()
    decision = may_watch(claim.viewer_id, claim.title_id, at)
    if not decision.allowed or begins_screening(decision):  # a press screening ended: another begins by a press of play
        _end(claim.screen_id, Screen.EndReason.NO_TICKET, at)
        return BeatAnswer(stop=decision.reason, message=decision.explanation)
    return BeatAnswer(
        token=write_token(Token(claim.screen_id, claim.title_id, claim.viewer_id, claim.session_digest, at))
    )


def _stopped(reason: str | None, device: str) -> BeatAnswer:
    if reason == Screen.EndReason.DISPLACED:
        return BeatAnswer(
            stop="displaced",
            device=device,
            message=_(
                "Stopped here: watching went on in %(device)s. Your account can watch on %(count)d screens at once."
            )
            % {"device": device, "count": settings.MAX_SCREENS_PER_ACCOUNT},
        )
    if reason == Screen.EndReason.SIGNED_OUT:
        return BeatAnswer(stop=reason, message=_("You were signed out here. Sign in again to go on watching."))
    return BeatAnswer(stop=reason or "stopped", message=_("This player has been stopped."))

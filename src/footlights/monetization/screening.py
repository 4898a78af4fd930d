"""The rules of press codes: who may watch with one, how often, and why not. Pure; and what of them crosses the door."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footlights.kernel.errors import InvalidInputError
from footlights.monetization.records import Decision, Reason
from footlights.monetization.sentences import when

SCREENING_LASTS = timedelta(hours=24)
WATCHES_MAX, OUTLET_LENGTH_MAX, CODES_MAX = 20, 80, 200
ENDS_WITHIN = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPressPass:
    """Codes to make: one for each of `outlets`, and `spare` without a name. Of one title, or of all (None)."""

    title_id: uuid.UUID | None
    ends_at: datetime
    outlets: tuple[str, ...] = ()
    spare: int = 0
    watches_max: int = 2


@dataclass(frozen=True, slots=True)
class PressPass:
    """What a number of codes open: one title, out or not, or whatever the channel has out (None)."""

    id: uuid.UUID
    channel_id: uuid.UUID
    title_id: uuid.UUID | None
    watches_max: int  # of each title, with each code
    ends_at: datetime  # no screening begins from then on
    created_at: datetime
    codes: int = 0
    redeemed: int = 0
    withdrawn: int = 0

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at or (self.codes > 0 and self.withdrawn == self.codes)


@dataclass(frozen=True, slots=True)
class Screening:
    """One title, watched for a day. `watched_percent` is what was kept of a history that its viewer forgot."""

    title_id: uuid.UUID
    began_at: datetime
    ends_at: datetime
    watched_percent: int


@dataclass(frozen=True, slots=True)
class PressCode:
    """One code of a pass, who redeemed it, and what they watched with it."""

    id: uuid.UUID
    press: PressPass
    code: str
    outlet: str
    redeemed_at: datetime | None
    redeemed_by: uuid.UUID | None
    withdrawn_at: datetime | None
    screenings: tuple[Screening, ...]

    def ticket_for(self, title_id: uuid.UUID) -> "PressTicket":
        ends = sorted(each.ends_at for each in self.screenings if each.title_id == title_id)
        return PressTicket(
            title_id=self.press.title_id,
            watches_max=self.press.watches_max,
            watched=len(ends),
            until=self.press.ends_at,
            running_until=ends[-1] if ends else None,
            withdrawn_at=self.withdrawn_at,
        )

    def explain(self, title_id: uuid.UUID, at: datetime) -> str:
        """Once redeemed: how often it opens that title still, and until when."""
        return explain(self.ticket_for(title_id), at)


@dataclass(frozen=True, slots=True)
class PressTicket:
    """What a redeemed code opens of one title, and how often it was watched with it."""

    title_id: uuid.UUID | None  # None: the code opens whatever its channel has out
    watches_max: int
    watched: int
    until: datetime
    running_until: datetime | None  # the end of the last screening
    withdrawn_at: datetime | None

    @property
    def left(self) -> int:
        return self.watches_max - self.watched

    def is_running(self, at: datetime) -> bool:
        return self.running_until is not None and at < self.running_until

    def opens(self, at: datetime) -> bool:
        """A screening that runs goes on to its end, unless the code was withdrawn; another one has to begin in time."""
        return self.withdrawn_at is None and (self.is_running(at) or (self.left > 0 and at < self.until))


def check_new(new: NewPressPass, at: datetime) -> tuple[str, ...]:
    """The outlets as they are kept, empty for a code without a name. Raises InvalidInputError with a sentence."""
    named = tuple(" ".join(each.split()) for each in new.outlets if each.strip())
    if any(len(each) > OUTLET_LENGTH_MAX for each in named):
        words = _("Use at most %(most)d characters for each name.") % {"most": OUTLET_LENGTH_MAX}
        raise InvalidInputError(words, field="outlets")
    if not 0 <= new.spare <= CODES_MAX or len(named) + new.spare > CODES_MAX:
        raise InvalidInputError(_("Make at most %(most)d codes at once.") % {"most": CODES_MAX}, field="spare")
    if not 1 <= new.watches_max <= WATCHES_MAX:
        words = _("From once to %(most)d times.") % {"most": WATCHES_MAX}
        raise InvalidInputError(words, field="watches_max")
    if not at < new.ends_at <= at + ENDS_WITHIN:
        raise InvalidInputError(_("Choose a moment within a year from now."), field="ends_at")
    return named + ("",) * (new.spare or (0 if named else 1))


def judge(ticket: PressTicket, at: datetime) -> Decision:
    """A yes with `ends_at` when a screening runs; without, the next key begins one."""
    words = _explain(ticket, at)
    if not ticket.opens(at):
        return Decision(False, Reason.PRESS_OVER, words)
    if ticket.is_running(at):
        return Decision(True, Reason.PRESS, words, ends_at=ticket.running_until)
    return Decision(True, Reason.PRESS, words, start_by=ticket.until)


def begins_screening(decision: Decision) -> bool:
    """Whether the next key would begin another screening of the press."""
    return decision.reason is Reason.PRESS and decision.ends_at is None


def best_of(tickets: Sequence[PressTicket], at: datetime) -> PressTicket | None:
    """The one to watch with: that of a screening that runs, else the one that ends first of those that still open."""
    return min(tickets, key=lambda each: (not each.opens(at), not each.is_running(at), each.until), default=None)


def explain(ticket: PressTicket, at: datetime) -> str:
    """A sentence such as: Press screening 1 of 2, ends tomorrow 21:02."""
    counts = {"number": ticket.watched, "most": ticket.watches_max, "left": ticket.left}
    if ticket.withdrawn_at:
        return _("Press code, withdrawn %(when)s.") % {"when": when(ticket.withdrawn_at, at)}
    if ticket.running_until and ticket.is_running(at):
        words = _("Press screening %(number)d of %(most)d, ends %(when)s.")
        return words % {**counts, "when": when(ticket.running_until, at)}
    if ticket.left <= 0:
        words = ngettext(
            "This press code is used up: its one screening was watched.",
            "This press code is used up: all %(most)d screenings were watched.",
            ticket.watches_max,
        )
        return words % counts
    if at >= ticket.until:
        return _("Press screening: was to be begun by %(when)s.") % {"when": when(ticket.until, at)}
    words = ngettext(
        "Press screening: %(left)d of %(most)d left, to be begun by %(when)s.",
        "Press screenings: %(left)d of %(most)d left, to be begun by %(when)s.",
        ticket.left,
    )
    return words % {**counts, "when": when(ticket.until, at)}


# Written when it is read: most decisions are only asked for their yes.
_explain = cast("Callable[[PressTicket, datetime], str]", lazy(explain, str))

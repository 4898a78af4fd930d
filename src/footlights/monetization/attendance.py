"""Who may come to a broadcast. Pure: what the decision rests on is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.monetization import sentences
from footlights.monetization.policies import is_member
from footlights.monetization.records import Decision, Membership, Reason


class Door(StrEnum):
    """How a broadcast opens."""

    EVERYBODY = "everybody"
    FOLLOWERS = "followers"
    MEMBERS = "members"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class Event:
    """What `live` says of a broadcast. `tier`: the lowest of its channel's members who come in without a ticket."""

    id: UUID
    channel_id: UUID
    door: Door
    tier: int | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """That somebody may come to a broadcast, by what they paid for it."""

    broadcast_id: UUID
    granted_at: datetime
    revoked_at: datetime | None = None
    held_at: datetime | None = None  # since when a bank is asked for its money


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who asks to come in. `memberships`: of its channel, and the pass where the channel takes part in it."""

    signed_in: bool = False
    is_manager: bool = False
    is_follower: bool = False
    tickets: Sequence[Ticket] = ()
    memberships: Sequence[Membership] = ()


def decide(event: Event, who: Attendance, at: datetime) -> Decision:
    """The one decision about broadcasts. A ticket is a ticket, whatever the door became since it was sold."""
    if who.is_manager:
        return Decision(True, Reason.OWNER, _("You manage this broadcast."))
    if event.door is Door.EVERYBODY:
        return Decision(True, Reason.FREE, _("Free for everybody."))
    if event.door is Door.FOLLOWERS and who.is_follower:
        return Decision(True, Reason.FOLLOWER, _("You follow this channel."))
    return _by_what_they_hold(event, who, at) or _closed(event, who)


def _by_what_they_hold(event: Event, who: Attendance, at: datetime) -> Decision | None:
    lasting = [each for each in who.tickets if each.revoked_at is None]
    if any(each.held_at is None for each in lasting):
        return Decision(True, Reason.TICKET, _("You have a ticket."))
    members = [each for each in who.memberships if is_member(each, at) and _reaches(each, event)]
    if best := max((each for each in members if each.held_at is None), key=lambda each: each.until, default=None):
        reason = Reason.MEMBER if best.channel_id else Reason.PASS
        return Decision(True, reason, sentences.explain_membership(best, at), best.until)
    if lasting or members:
        return Decision(False, Reason.HELD, sentences.explain_held())
    if who.tickets:
        return Decision(False, Reason.REFUNDED, _("Your ticket was given back."))
    return None


def _closed(event: Event, who: Attendance) -> Decision:
    """What opens it, to somebody who has nothing that does."""
    if not who.signed_in:
        return Decision(False, Reason.SIGN_IN, _("Sign in if you have a ticket or are a member."))
    closed = {
        Door.MEMBERS: (Reason.MUST_JOIN, _("Only for members.")),
        Door.FOLLOWERS: (Reason.MUST_FOLLOW, _("For who follows the channel.")),
    }
    return Decision(False, *closed.get(event.door, (Reason.MUST_BUY, _("You have no ticket yet."))))


def _reaches(membership: Membership, event: Event) -> bool:
    """The pass reaches what is for members alone: a seat that is sold one by one is not in it."""
    if event.tier is None or (membership.channel_id is None and event.door is not Door.MEMBERS):
        return False
    return membership.channel_id in {None, event.channel_id} and membership.tier >= event.tier

"""Who holds which role on a channel: the one place that decides what somebody may do to it and to its titles.

The owner is its creator; the others are its team. Operations and queries of this context narrow what they find by
`managed_by`; other contexts ask `may`, or a title's access. What a role may do is said in accounts/roles.py.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from footlights.accounts.api import HELD, TEAM_ROLES, Permission, Role, role_named
from footlights.catalog import models
from footlights.catalog.policies import MAX_TEAM
from footlights.catalog.records import Invitation, TeamMember
from footlights.kernel import crypto


def may(person_id: UUID | None, permission: Permission, channel_id: UUID) -> bool:
    """Whether somebody may do that to this channel and its titles. One query."""
    if person_id is None:
        return False
    return models.Channel.objects.filter(managed_by(person_id, permission, channel=""), pk=channel_id).exists()


def managed_by(person_id: UUID, permission: Permission, *, channel: str = "channel__") -> Q:
    """Rows whose channel (reached by the prefix `channel`) is one where the person holds this permission."""
    roles = [role for role in TEAM_ROLES if permission in HELD[role]]
    teams = models.Member.objects.filter(person_id=person_id, role__in=roles).values("channel_id")
    return Q(**{f"{channel}owner_id": person_id}) | Q(**{f"{channel}pk__in": teams})


def with_role(found: QuerySet[Any, Any], person_id: UUID, *, channel: str = "channel__") -> QuerySet[Any, Any]:
    """The same rows, each with the person's `team_role` on its channel; None where they have none."""
    member = models.Member.objects.filter(channel_id=OuterRef(f"{channel}pk"), person_id=person_id)
    is_owner = When(**{f"{channel}owner_id": person_id}, then=Value(Role.CREATOR.value))
    role = Case(is_owner, default=Subquery(member.values("role")), output_field=CharField(null=True))
    annotated: QuerySet[Any, Any] = found.annotate(team_role=role)
    return annotated


def of_person(person_id: UUID) -> QuerySet[models.Channel, models.Channel]:
    """Channels they opened, then those whose team they are in, each with their role; the first first."""
    found = models.Channel.objects.filter(managed_by(person_id, Permission.SEE_CHANNEL, channel=""))
    is_own = Case(When(owner_id=person_id, then=Value(0)), default=Value(1))
    return with_role(found, person_id, channel="").order_by(is_own, F("created_at"), F("pk"))


def list_team(channel_id: UUID) -> list[TeamMember]:
    """Everybody in the channel's team, the first who joined first."""
    rows = models.Member.objects.filter(channel_id=channel_id).order_by("since", "pk")
    return [TeamMember(row.person_id, role_named(row.role), row.since) for row in rows[:MAX_TEAM]]


def list_invitations(channel_id: UUID, at: datetime) -> list[Invitation]:
    """Those that may still be taken up, the newest first."""
    rows = models.Invitation.objects.filter(channel_id=channel_id).select_related("channel").order_by("-created_at")
    return [found for row in rows[:MAX_TEAM] if (found := invitation_of(row, at))]


def find_invitation(token: str, at: datetime) -> Invitation | None:
    """What a link offers, while it is good."""
    row = models.Invitation.objects.filter(digest=digest_of(token)).select_related("channel").first()
    return invitation_of(row, at) if row else None


def invitation_of(row: models.Invitation, at: datetime) -> Invitation | None:
    """The record of a row; None once it is over."""
    if at >= row.expires_at:
        return None
    return Invitation(
        id=row.pk,
        channel_id=row.channel_id,
        channel_name=row.channel.name,
        role=role_named(row.role),
        address=crypto.unseal(bytes(row.sealed_address), context=context_of(row.pk)).decode(),
        invited_by=row.invited_by,
        expires_at=row.expires_at,
    )


def digest_of(token: str) -> bytes:
    """What is kept of the token in a link."""
    return sha256(token.encode()).digest()


def context_of(invitation_id: UUID) -> str:
    """What the address of an invitation is sealed for."""
    return f"invitation:{invitation_id}"

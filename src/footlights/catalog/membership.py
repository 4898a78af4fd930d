"""Who holds which role on a channel: the one place that decides what somebody may do to it and to its titles.

The owner is its creator; the others are its team. Operations and queries of this context narrow what they find by
`managed_by`; other contexts ask `may`, or a title's access. What a role may do is said in accounts/roles.py.
"""

from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from footlights.accounts.api import HELD, TEAM_ROLES, Permission, Role
from footlights.catalog import models


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

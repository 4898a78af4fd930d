"""Who looks after a channel's rooms, who is a member, and how people in them are called. Asks others; keeps nothing."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from footlights.accounts.api import HELD, Permission, list_persons
from footlights.catalog.api import get_channel, list_team
from footlights.monetization.api import list_memberships


def staff_of(channel_id: UUID) -> frozenset[UUID]:
    """Everybody who may moderate there. Two queries."""
    team = {each.person_id for each in list_team(channel_id) if Permission.MODERATE in HELD[each.role]}
    return frozenset(team | {get_channel(channel_id).owner_id})


def is_member_of(channel_id: UUID, person_id: UUID, at: datetime) -> bool:
    """One query."""
    return any(each.channel_id in {None, channel_id} for each in list_memberships(person_id, at))


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """As everybody in the room sees them: the name they chose, else a masked one; never an address. One query."""
    wanted = set(person_ids)
    found = list_persons(wanted) if wanted else {}
    return {person_id: person.among_colleagues.display_name for person_id, person in found.items()}

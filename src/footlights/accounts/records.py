"""What other contexts see of people and of the installation: frozen records, never models."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from footlights.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: UUID
    email: str
    display_name: str
    roles: frozenset[Role]
    joined_at: datetime

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def name(self) -> str:
        """What to call them: the name they chose, or the part of their address before the @."""
        return self.display_name or self.email.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Installation:
    """How this service is called and which currency it proposes first."""

    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in now."""

    id: int
    user_agent: str
    address_block: str
    since: datetime
    last_used_at: datetime
    is_here: bool

"""What other contexts see of people and of the installation: frozen records, never models."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from footlights.accounts.policies import masked_address, masked_name
from footlights.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: UUID
    email: str
    display_name: str
    roles: frozenset[Role]
    joined_at: datetime
    is_guest: bool = False  # they typed this address at the till, and have not proved it

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def name(self) -> str:
        """What to call them: the name they chose, or the part of their address before the @."""
        return self.display_name or self.email.partition("@")[0]

    @property
    def masked(self) -> "Person":
        """As others see them who did not say why they need more (`unmask_person`). The house's own are colleagues."""
        seen = self.among_colleagues
        return seen if self.roles else replace(seen, display_name=masked_name(self.name))

    @property
    def among_colleagues(self) -> "Person":
        """As who works with them sees them: by the name they chose, if they did."""
        name = self.display_name or masked_name(self.name)
        return replace(self, email=masked_address(self.email), display_name=name)


@dataclass(frozen=True, slots=True)
class Installation:
    """How this service is called, which currency it proposes first, and whether anybody has an account yet."""

    name: str
    currency: str
    has_people: bool = True


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in now."""

    id: int
    user_agent: str
    address_block: str
    since: datetime
    last_used_at: datetime
    is_here: bool

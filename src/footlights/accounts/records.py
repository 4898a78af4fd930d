"""What other contexts see of people and of the installation: frozen records, never models."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
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


class TaxpayerKind(StrEnum):
    PERSON = "person"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxpayer:
    """Who somebody who earns here is to a tax office. Empty where their country's does not ask (taxpayer_rules.py)."""

    kind: TaxpayerKind
    country: str  # of residence, ISO 3166-1 alpha-2
    given_name: str = ""
    family_name: str = ""
    legal_name: str = ""  # a business's
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""  # the state, in the United States
    tax_number: str = ""  # of `country`
    other_country: str = ""  # where they are resident as well
    other_tax_number: str = ""
    vat_number: str = ""
    registration_number: str = ""
    born_on: date | None = None
    born_in: str = ""  # the town; instead of a tax number
    born_country: str = ""
    account_number: str = ""  # of the account their money goes to
    account_holder: str = ""  # where it is not theirs
    is_certified: bool = False  # that the number is theirs, under penalties of perjury (Form W-9)

    @property
    def name(self) -> str:
        return self.legal_name or f"{self.given_name} {self.family_name}"

    @property
    def countries(self) -> tuple[str, ...]:
        """Where they are resident: at least one."""
        return tuple(filter(None, [self.country, self.other_country]))


@dataclass(frozen=True, slots=True)
class KeptTaxpayer:
    """With since when it is so; and from when on it is gone, where its person wants that."""

    person_id: UUID
    taxpayer: Taxpayer
    kept_at: datetime
    erase_on: date | None

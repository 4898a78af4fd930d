"""Bounded reads of people and of the installation."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, Value
from django.db.models.functions import Lower

from footlights.accounts.models import Installation as InstallationRow
from footlights.accounts.models import User
from footlights.accounts.policies import address_block
from footlights.accounts.records import Installation, Person, SignIn
from footlights.accounts.roles import Role, role_named
from footlights.kernel.clock import now
from footlights.kernel.reads import fetch_rows
from footlights.kernel.shared import Latch, Shared

PERSONS_PER_PAGE = 50
SIGN_INS_SHOWN = 100
HOUSE_MAX = 1_000
INSTALLATION_FRESH_S = 60  # how long a process may show an old name after it was changed in another
INSTALLATION = """
select house.name, house.currency, exists (select from accounts_user)
from (values (1)) as one left join accounts_installation as house on house.id = %s
"""
_anybody = Latch()
_installation: Shared[Installation] = Shared(fresh_s=INSTALLATION_FRESH_S, stale_s=0, capacity=1)


def find_person(person_id: UUID) -> Person | None:
    user = User.objects.filter(pk=person_id).first()
    return person_of(user) if user else None


def list_persons(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of `ids` that exist, in one query."""
    return {user.pk: person_of(user) for user in User.objects.filter(pk__in=set(ids))}


def search_persons(text: str = "", *, limit: int = PERSONS_PER_PAGE, offset: int = 0) -> list[Person]:
    """People as others see them (masked), newest first, whose whole address, whole name or id `text` is.

    A part of an address finds nobody: who adds letter to letter and looks whether anybody is left would read it whole.
    """
    found = User.objects.alias(name=Lower("display_name")).order_by("-joined_at", "-pk")
    if text := " ".join(text.split()):
        match = Q(email=text.lower()) | Q(name=Lower(Value(text)))
        if person_id := _as_uuid(text):
            match |= Q(pk=person_id)
        found = found.filter(match)
    return [person_of(user).masked for user in found[offset : offset + limit]]


def list_masked_persons(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """As list_persons, as others see them."""
    return {person_id: person.masked for person_id, person in list_persons(ids).items()}


def list_persons_of_the_house() -> list[Person]:
    """Everybody who holds a role of the house, the first who joined first."""
    return [person_of(user) for user in User.objects.exclude(roles=[]).order_by("joined_at", "pk")[:HOUSE_MAX]]


def list_persons_with_role(role: Role) -> list[Person]:
    return [person for person in list_persons_of_the_house() if role in person.roles]


def find_person_by_email(email: str) -> Person | None:
    user = User.objects.filter(email=email.strip().lower()).first()
    return person_of(user) if user else None


def has_any_person() -> bool:
    """False only until the first run made the owner; once it was True the process remembers and asks no more."""
    return _anybody.get(lambda: get_installation().has_people or User.objects.exists())


def get_installation() -> Installation:
    """What this service is called; the settings' own words until the first run. Kept for a minute in the process."""
    return _installation.get(InstallationRow.ONLY_ID, _read_installation)


def forget_installation() -> None:
    """Ask the database again: the installation changed."""
    _installation.clear()


def list_sign_ins(person_id: UUID, *, here: str) -> list[SignIn]:
    """Where a person is signed in, this browser (of session key `here`) first, then as last used."""
    rows = UserSession.objects.filter(
        user_id=person_id,
        session_key__in=Session.objects.filter(expire_date__gt=now()).values("session_key"),
    ).order_by("-last_seen_at")[:SIGN_INS_SHOWN]
    found = [
        SignIn(
            id=row.pk,
            user_agent=row.user_agent,
            address_block=address_block(row.ip),
            since=row.created_at,
            last_used_at=row.last_seen_at,
            is_here=row.session_key == here,
        )
        for row in rows
    ]
    return sorted(found, key=lambda sign_in: not sign_in.is_here)


def has_second_factor(person_id: UUID) -> bool:
    """Whether a sign-in of this person takes a second proof: a code from an app, or a passkey."""
    found: bool = _second_factors(person_id).exists()
    return found


def count_second_factors(person_id: UUID) -> int:
    """How many they have; spare codes are none."""
    found: int = _second_factors(person_id).count()
    return found


def _second_factors(person_id: UUID) -> Any:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=person_id, type__in=kinds)


def person_of(user: User) -> Person:
    return Person(
        id=user.pk,
        email=user.address,
        display_name=user.display_name,
        roles=frozenset(map(role_named, user.roles)),
        joined_at=user.joined_at,
        is_guest=user.is_guest,
    )


def _read_installation() -> Installation:
    [(name, currency, has_people)] = fetch_rows(INSTALLATION, [InstallationRow.ONLY_ID])
    return Installation(
        name=name or settings.SITE_NAME, currency=currency or settings.PLATFORM_CURRENCY, has_people=has_people
    )


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The cast of every test: people with a known password, made quickly (the password is hashed once in a run)."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import get_hasher, make_password
from django.test import Client

from footlights.accounts.models import User
from footlights.accounts.operations.taxpayers import keep_taxpayer
from footlights.accounts.queries import get_installation, has_any_person
from footlights.accounts.records import Taxpayer, TaxpayerKind
from footlights.accounts.roles import Role
from footlights.kernel.clock import now

PASSWORD = "correct horse battery"  # noqa: S105  everybody in the tests shares it
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  as above
_numbers = count(1)


def make_person(email: str = "", *, display_name: str = "", is_staff: bool = False, roles: Iterable[Role] = ()) -> User:
    """A person whose address is confirmed and whose password is PASSWORD; with an address of their own by default.

    With a role of the house (`is_staff`: an administrator's) they have a second factor: an app that knows SECRET.
    """
    address = (email or f"person{next(_numbers)}@example.org").lower()
    user = User.objects.create(
        email=address,
        display_name=display_name,
        roles=[*roles, *([Role.ADMINISTRATOR] if is_staff else [])],
        password=_hashed_password(get_hasher().algorithm),
    )
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    if user.roles:
        use_app(user)
    (
        has_any_person(),
        get_installation(),
    )  # what every page asks is known, so that tests that count queries count their own
    return user


def signed_in(person: User, **headers: str) -> Client:
    """A browser in which the person is signed in and listed, as after the page that signs in."""
    client = Client(headers={"host": "localhost", **headers})
    client.force_login(person)
    UserSession.objects.create(user=person, session_key=client.session.session_key, ip="127.0.0.1", user_agent="")
    return client


TAX_NUMBERS = {"DE": "36574261809", "US": "536-90-4399", "FR": "334175221"}


def taxpayer_of(country: str, *, kind: TaxpayerKind = TaxpayerKind.PERSON, **more: Any) -> Taxpayer:
    """Somebody there, with all that is asked there, and `more`."""
    given: dict[str, Any] = {"street": "1 Stage Road", "postcode": "10115", "city": "Thespis", "country": country}
    given |= {"tax_number": TAX_NUMBERS.get(country, "")}
    if kind is TaxpayerKind.PERSON:
        given |= {"given_name": "Ada", "family_name": "Lovelace"}
    else:
        given |= {"legal_name": "Footlight Works"}
    if country == "US":
        given |= {"region": "CA", "is_certified": True}
    elif country in TAX_NUMBERS:
        given |= {"born_on": date(1990, 2, 28)} if kind is TaxpayerKind.PERSON else {"registration_number": "HRB 4711"}
    return Taxpayer(kind=kind, **(given | more))


def make_taxpayer(country: str, **options: Any) -> User:
    """A person whose tax details are kept."""
    person = make_person()
    keep_taxpayer(person_id=person.pk, given=taxpayer_of(country, **options), at=now())
    return person


def use_app(user: User) -> None:
    """Ask `user` for a code after the password, from an app that knows SECRET."""
    auth.TOTP.activate(user, SECRET)


def code_now() -> str:
    """What the app of `use_app` shows at this moment."""
    [counter] = auth.yield_hotp_counters_from_time()
    return str(auth.format_hotp_value(auth.hotp_value(SECRET, counter)))


@cache
def _hashed_password(algorithm: str) -> str:
    return make_password(PASSWORD, hasher=algorithm)

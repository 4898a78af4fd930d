"""The cast of every test: people with a known password, made quickly (the password is hashed once in a run)."""

from functools import cache
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher, make_password

from footlights.accounts.models import User
from footlights.accounts.queries import get_installation, has_any_person

PASSWORD = "correct horse battery"  # noqa: S105  everybody in the tests shares it
_numbers = count(1)


def make_person(email: str = "", *, display_name: str = "", is_staff: bool = False) -> User:
    """A person whose address is confirmed and whose password is PASSWORD; with an address of their own by default."""
    address = (email or f"person{next(_numbers)}@example.org").lower()
    user = User.objects.create(
        email=address, display_name=display_name, is_staff=is_staff, password=_hashed_password(get_hasher().algorithm)
    )
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    (
        has_any_person(),
        get_installation(),
    )  # what every page asks is known, so that tests that count queries count their own
    return user


@cache
def _hashed_password(algorithm: str) -> str:
    return make_password(PASSWORD, hasher=algorithm)

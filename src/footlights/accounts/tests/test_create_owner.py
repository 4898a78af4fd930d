from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from footlights.accounts.api import AlreadySetUpError, create_owner, get_installation, has_any_person
from footlights.accounts.models import Installation, User
from footlights.accounts.testing import PASSWORD, make_person
from footlights.kernel.errors import InvalidInputError


@pytest.mark.django_db
def test_the_first_run_makes_an_administrator_and_names_the_service() -> None:
    assert not has_any_person()
    owner = create_owner(
        email="Ada@Example.org", password=PASSWORD, display_name="Ada", service_name="Cinema Nova", currency="JPY"
    )
    assert (owner.email, owner.name, owner.is_administrator) == ("ada@example.org", "Ada", True)
    assert (get_installation().name, get_installation().currency) == ("Cinema Nova", "JPY")
    assert has_any_person()
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_nobody_becomes_owner_once_somebody_is_there() -> None:
    make_person()
    with pytest.raises(AlreadySetUpError):
        create_owner(email="late@example.org", password=PASSWORD)
    assert not User.objects.exclude(roles=[]).exists()
    assert not Installation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("password", "currency"), [("short", "EUR"), ("password123", "EUR"), (PASSWORD, "XYZ")])
def test_a_weak_password_or_unknown_currency_makes_nobody(password, currency) -> None:
    with pytest.raises(InvalidInputError):
        create_owner(email="ada@example.org", password=password, currency=currency)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_first_runs_that_race_make_one_owner() -> None:
    start = Barrier(4)

    def race(number: int) -> bool:
        try:
            start.wait()
            create_owner(email=f"racer{number}@example.org", password=PASSWORD, service_name=f"Theatre {number}")
        except AlreadySetUpError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(race, range(4)))
    assert won.count(True) == 1
    assert User.objects.get().email == f"racer{won.index(True)}@example.org"
    assert Installation.objects.get().name == f"Theatre {won.index(True)}"

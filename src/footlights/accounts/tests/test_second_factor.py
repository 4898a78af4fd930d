import pytest
from allauth.usersessions.models import UserSession

from footlights.accounts.api import forget_second_factor, has_second_factor
from footlights.accounts.testing import make_person, use_app
from footlights.kernel.errors import NotFoundError

pytestmark = pytest.mark.django_db


def test_a_lost_second_factor_is_forgotten_and_every_sign_in_ends() -> None:
    person, other = make_person(), make_person()
    use_app(person)
    use_app(other)
    UserSession.objects.create(user=person, session_key="k", ip="127.0.0.1", user_agent="")
    for _time in range(2):
        forget_second_factor(email=f" {person.email.upper()}")
        assert not has_second_factor(person.pk)
    assert not UserSession.objects.filter(user=person).exists()
    assert has_second_factor(other.pk)


def test_nobody_is_told_plainly() -> None:
    with pytest.raises(NotFoundError, match="Nobody here"):
        forget_second_factor(email="nobody@example.org")

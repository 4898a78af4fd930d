import pytest
from django.db import IntegrityError

from footlights.accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_case() -> None:
    User.objects.create_user("ada@example.org")
    with pytest.raises(IntegrityError):
        User(email="ADA@example.org").save()

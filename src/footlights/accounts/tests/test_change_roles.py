"""Who gives the roles of the house to whom; and that one administrator always stays."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from footlights.accounts.api import LastAdministratorError, Role, find_person, give_role, take_role
from footlights.accounts.models import User
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.kernel.errors import InvalidInputError, NotAllowedError


@pytest.fixture
def staff(db):
    return make_person(is_staff=True)


@pytest.fixture
def viewer(db):
    return make_person()


def test_a_role_is_given_and_taken_each_once_and_told_to_the_trail(staff, viewer):
    for _twice in range(2):
        assert give_role(person_id=viewer.pk, role=Role.SUPPORT, by_id=staff.pk).roles == {Role.SUPPORT}
    give_role(person_id=viewer.pk, role=Role.ADMINISTRATOR, by_id=staff.pk)
    for _twice in range(2):
        take_role(person_id=viewer.pk, role=Role.SUPPORT, by_id=staff.pk)
    assert find_person(viewer.pk).roles == {Role.ADMINISTRATOR}
    acts = [each.act for each in recorded() if each.object_id == str(viewer.pk)]
    assert acts == ["role.given", "person.made_administrator", "role.taken"]


def test_nobody_raises_their_own_role_and_only_administrators_give_any(staff, viewer):
    for person in (viewer, make_person(roles=[Role.OPERATOR, Role.SUPPORT]), staff):
        with pytest.raises(NotAllowedError):
            give_role(person_id=person.pk, role=Role.ADMINISTRATOR, by_id=person.pk)
    for person in (viewer, make_person(roles=[Role.EXECUTIVE])):
        for act in (give_role, take_role):
            with pytest.raises(NotAllowedError):
                act(person_id=staff.pk, role=Role.ADMINISTRATOR, by_id=person.pk)


@pytest.mark.parametrize("role", [Role.CREATOR, Role.EDITOR, Role.VISITOR])
def test_what_the_house_has_not_is_not_given(staff, viewer, role):
    with pytest.raises(InvalidInputError):
        give_role(person_id=viewer.pk, role=role, by_id=staff.pk)


def test_the_last_administrator_stays_whoever_asks(staff):
    gone = make_person(is_staff=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(LastAdministratorError):
        take_role(person_id=staff.pk, role=Role.ADMINISTRATOR, by_id=staff.pk)
    assert find_person(staff.pk).is_administrator


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_others_role_at_once_leave_one():
    pair = [make_person(is_staff=True), make_person(is_staff=True)]
    start, failed = Barrier(2), []

    def take(by, person):
        start.wait()
        try:
            take_role(person_id=person.pk, role=Role.ADMINISTRATOR, by_id=by.pk)
        except (LastAdministratorError, NotAllowedError) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=take, args=(pair[0], pair[1])), Thread(target=take, args=(pair[1], pair[0]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    assert User.objects.filter(roles__contains=[Role.ADMINISTRATOR]).count() == 1

"""What others see of a name and an address, and what it takes to see the whole."""

import pytest

from footlights.accounts.api import Reason, Role, find_person, unmask_person
from footlights.accounts.models import User
from footlights.accounts.policies import masked_address, masked_name
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError
from footlights.kernel.ids import new_id


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("maria@example.org", "m•••@e•••.org"),
        ("maria@mail.example.co.uk", "m•••@m•••.uk"),
        ("m@e.org", "•••@•••.org"),
        ("+tag@example.org", "•••@e•••.org"),
        ("maria@localhost", "m•••@•••"),
        ("maria", "•••@•••"),
        ("", "•••@•••"),
    ],
)
def test_of_an_address_the_first_letters_are_seen(address, seen) -> None:
    assert masked_address(address) == seen


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Ada Lovelace", "A••• L•••"),
        ("Ada King Countess of Lovelace", "A••• K••• C•••"),
        ("X", "•••"),
        ("🎬🎬", "•••"),
        ("Ωmega", "Ω•••"),
        ("maria@example.org", "m•••"),
        ("", "•••"),
    ],
)
def test_of_a_name_the_first_letters_are_seen(name, seen) -> None:
    assert masked_name(name) == seen


@pytest.mark.django_db
def test_whoever_works_for_the_house_is_called_by_the_name_they_chose() -> None:
    support, viewer, unnamed = (
        find_person(person.pk)
        for person in (
            make_person("s@example.org", display_name="Sam Support", roles=[Role.SUPPORT]),
            make_person("ada@example.org", display_name="Ada Lovelace"),
            make_person("grace@example.org", roles=[Role.SUPPORT]),
        )
    )
    assert (support.masked.name, support.masked.email) == ("Sam Support", "•••@e•••.org")
    assert viewer.masked.name == "A••• L•••"
    assert viewer.among_colleagues.name == "Ada Lovelace"
    assert unnamed.masked.name == "g•••"


@pytest.mark.django_db
def test_each_look_says_who_whom_and_why() -> None:
    support, ada = make_person(roles=[Role.SUPPORT]), make_person("ada@example.org")
    for _twice in range(2):
        seen = unmask_person(person_id=ada.pk, by_id=support.pk, reason="other", note="  ticket   77 ")
        assert seen.email == "ada@example.org"
    told = [(each.actor_id, each.object_id, set(each.person_ids), each.after) for each in recorded("person.unmasked")]
    after = {"reason": "other", "in_words": "ticket 77", "as": "support"}
    assert told == [(support.pk, str(ada.pk), {support.pk, ada.pk}, after)] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "note"),
    [("", "x"), ("curious", ""), ("other", ""), ("other", " x "), ("asked", "n" * 201), ("asked", "a\x00b")],
)
def test_without_a_reason_nothing_is_shown(reason, note) -> None:
    support, ada = make_person(roles=[Role.SUPPORT]), make_person()
    with pytest.raises(InvalidInputError):
        unmask_person(person_id=ada.pk, by_id=support.pk, reason=reason, note=note)
    assert recorded("person.unmasked") == []


@pytest.mark.django_db
def test_only_who_looks_after_people_sees_them() -> None:
    ada, gone = make_person(), make_person(roles=[Role.SUPPORT])
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person_id in (ada.pk, make_person(roles=[Role.EXECUTIVE, Role.MARKETING, Role.OPERATOR]).pk, gone.pk, new_id()):
        with pytest.raises(NotAllowedError):
            unmask_person(person_id=ada.pk, by_id=person_id, reason=Reason.ASKED)
    with pytest.raises(NotFoundError):
        unmask_person(person_id=new_id(), by_id=make_person(is_staff=True).pk, reason=Reason.ASKED)

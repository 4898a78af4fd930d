import pytest

from footlights.accounts.api import (
    PERSONS_PER_PAGE,
    find_person,
    has_any_person,
    list_persons,
    search_persons,
    set_display_name,
)
from footlights.accounts.testing import PASSWORD, make_person
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def test_a_person_is_found_by_whole_name_whole_address_and_id() -> None:
    ada = make_person("ada@example.org", display_name="Ada Lovelace")
    make_person("grace@example.org", display_name="Grace Hopper")
    for text in ("ada LOVELACE", " Ada  Lovelace ", "ADA@example.org", str(ada.pk), f" {ada.pk.hex} "):
        assert [person.id for person in search_persons(text)] == [ada.pk], text


@pytest.mark.parametrize("text", ["a", "ada", "ada@", "ada@example.or", "@example.org", "lovelace", "%", "_", "Ada%"])
def test_parts_of_a_name_or_an_address_find_nobody(text) -> None:
    make_person("ada@example.org", display_name="Ada Lovelace")
    assert search_persons(text) == []


def test_who_is_found_is_masked() -> None:
    make_person("ada@example.org", display_name="Ada Lovelace")
    [ada] = search_persons("ada@example.org")
    assert (ada.name, ada.email) == ("A••• L•••", "a•••@e•••.org")


def test_a_search_never_reads_more_than_a_page() -> None:
    for _ in range(PERSONS_PER_PAGE + 1):
        make_person()
    assert len(search_persons()) == PERSONS_PER_PAGE
    assert len(search_persons(offset=PERSONS_PER_PAGE)) == 1


def test_many_people_are_one_query(django_assert_num_queries) -> None:
    people = [make_person() for _ in range(5)]
    with django_assert_num_queries(1):
        assert len(list_persons([*(person.pk for person in people), new_id()])) == 5


def test_that_somebody_is_there_is_asked_once(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):  # the first reads what the service is called, too
        assert not has_any_person()
        assert not has_any_person()
    make_person()
    with django_assert_num_queries(0):
        assert has_any_person()


def test_who_chose_no_name_is_called_by_their_address() -> None:
    viewer = make_person("grace@example.org")
    assert find_person(viewer.pk).name == "grace"
    assert set_display_name(person_id=viewer.pk, display_name="  Grace   Hopper ").name == "Grace Hopper"


@pytest.mark.parametrize("name", ["x" * 81, "bad\x00name", "right\u202eleft"])
def test_a_name_one_cannot_see_or_that_never_ends_is_refused(name) -> None:
    viewer = make_person()
    with pytest.raises(InvalidInputError):
        set_display_name(person_id=viewer.pk, display_name=name)


def test_nobody_is_nobody() -> None:
    assert find_person(new_id()) is None
    with pytest.raises(NotFoundError):
        set_display_name(person_id=new_id(), display_name="Ghost")


def test_the_cast_knows_its_password() -> None:
    assert make_person().check_password(PASSWORD)

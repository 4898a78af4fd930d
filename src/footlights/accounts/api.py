"""The door to people: who somebody is, and what this service is called."""

from footlights.accounts.errors import AccountsError, AlreadySetUpError
from footlights.accounts.operations.change_installation import change_installation
from footlights.accounts.operations.create_owner import create_owner
from footlights.accounts.operations.create_person import create_person
from footlights.accounts.operations.set_display_name import set_display_name
from footlights.accounts.queries import (
    PERSONS_PER_PAGE,
    find_person,
    get_installation,
    has_any_person,
    list_persons,
    search_persons,
)
from footlights.accounts.records import Installation, Person

__all__ = [
    "PERSONS_PER_PAGE",
    "AccountsError",
    "AlreadySetUpError",
    "Installation",
    "Person",
    "change_installation",
    "create_owner",
    "create_person",
    "find_person",
    "get_installation",
    "has_any_person",
    "list_persons",
    "search_persons",
    "set_display_name",
]

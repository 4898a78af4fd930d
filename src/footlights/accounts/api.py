"""The door to people: who somebody is, and what this service is called."""

from footlights.accounts.errors import AccountsError, AlreadySetUpError, LastAdministratorError, UnprovenAccountError
from footlights.accounts.operations.change_installation import change_installation
from footlights.accounts.operations.change_roles import give_role, take_role
from footlights.accounts.operations.create_owner import create_owner
from footlights.accounts.operations.create_person import create_person
from footlights.accounts.operations.end_sign_ins import end_sign_ins
from footlights.accounts.operations.forget_second_factor import forget_second_factor
from footlights.accounts.operations.guests import admit_guest, prove_guest
from footlights.accounts.operations.remember_device import remember_device
from footlights.accounts.operations.set_display_name import set_display_name
from footlights.accounts.operations.taxpayers import erase_taxpayer, keep_taxpayer
from footlights.accounts.operations.tell_limited import tell_limited
from footlights.accounts.operations.unmask_person import unmask_person
from footlights.accounts.policies import address_network, masked_address
from footlights.accounts.queries import (
    PERSONS_PER_PAGE,
    count_second_factors,
    find_person,
    find_person_by_email,
    get_installation,
    has_any_person,
    has_second_factor,
    list_masked_persons,
    list_persons,
    list_persons_of_the_house,
    list_persons_with_role,
    list_sign_ins,
    search_persons,
)
from footlights.accounts.reasons import NOTE_LENGTH, Reason, told_reason, words_of_reason
from footlights.accounts.records import Installation, KeptTaxpayer, Person, SignIn, Taxpayer, TaxpayerKind
from footlights.accounts.roles import (
    HELD,
    HOUSE_ROLES,
    TEAM_ROLES,
    Permission,
    Role,
    Scope,
    needs_second_factor,
    permissions_of,
    role_named,
)
from footlights.accounts.taxpayer_rules import UNION, UNITED_STATES, asked_of, faults_of
from footlights.accounts.taxpayers import (
    count_taxpayers,
    find_taxpayer,
    list_taxpayers,
    list_to_erase,
    taxpayers_among,
)

__all__ = [
    "HELD",
    "HOUSE_ROLES",
    "NOTE_LENGTH",
    "PERSONS_PER_PAGE",
    "TEAM_ROLES",
    "UNION",
    "UNITED_STATES",
    "AccountsError",
    "AlreadySetUpError",
    "Installation",
    "KeptTaxpayer",
    "LastAdministratorError",
    "Permission",
    "Person",
    "Reason",
    "Role",
    "Scope",
    "SignIn",
    "Taxpayer",
    "TaxpayerKind",
    "UnprovenAccountError",
    "address_network",
    "admit_guest",
    "asked_of",
    "change_installation",
    "count_second_factors",
    "count_taxpayers",
    "create_owner",
    "create_person",
    "end_sign_ins",
    "erase_taxpayer",
    "faults_of",
    "find_person",
    "find_person_by_email",
    "find_taxpayer",
    "forget_second_factor",
    "get_installation",
    "give_role",
    "has_any_person",
    "has_second_factor",
    "keep_taxpayer",
    "list_masked_persons",
    "list_persons",
    "list_persons_of_the_house",
    "list_persons_with_role",
    "list_sign_ins",
    "list_taxpayers",
    "list_to_erase",
    "masked_address",
    "needs_second_factor",
    "permissions_of",
    "prove_guest",
    "remember_device",
    "role_named",
    "search_persons",
    "set_display_name",
    "take_role",
    "taxpayers_among",
    "tell_limited",
    "told_reason",
    "unmask_person",
    "words_of_reason",
]

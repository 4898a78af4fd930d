"""What the one table promises, whatever else it says."""

import pytest

from footlights.accounts.roles import (
    HELD,
    HOUSE_ROLES,
    TEAM_ROLES,
    Permission,
    Role,
    Scope,
    holders_of,
    needs_second_factor,
    permissions_of,
)

MONEY = {Permission.SEE_EARNINGS, Permission.SET_PRICES, Permission.REFUND_SALES}


def test_every_role_and_every_permission_has_its_place() -> None:
    assert HELD.keys() == set(Role)
    assert all(holders_of(permission) for permission in Permission)


@pytest.mark.parametrize("role", [*TEAM_ROLES, Role.CREATOR, *HOUSE_ROLES])
def test_a_role_holds_only_what_its_scope_has(role) -> None:
    assert {permission.scope for permission in HELD[role]} == {role.scope}


def test_an_editor_touches_no_money_and_finance_edits_no_title() -> None:
    assert HELD[Role.EDITOR].isdisjoint(MONEY)
    assert HELD[Role.FINANCE] >= MONEY
    assert Permission.EDIT_TITLES not in HELD[Role.FINANCE]


def test_only_its_creator_manages_a_team_and_only_administrators_give_the_roles_of_the_house() -> None:
    assert holders_of(Permission.MANAGE_TEAM) == [Role.CREATOR]
    assert holders_of(Permission.GIVE_ROLES) == holders_of(Permission.SEE_TRAIL) == [Role.ADMINISTRATOR]


def test_who_acts_for_the_house_or_handles_money_needs_a_second_factor_where_it_is_required() -> None:
    for role in (Role.ADMINISTRATOR, Role.MARKETING, Role.FINANCE):
        assert needs_second_factor(roles=[role], is_required=True)
        assert not needs_second_factor(roles=[role], is_required=False)
    assert not needs_second_factor(roles=[], is_required=True)
    assert not needs_second_factor(roles=[Role.EDITOR, Role.ANALYST], is_required=True)


def test_roles_add_up() -> None:
    both = permissions_of([Role.MARKETING, Role.EXECUTIVE])
    assert both == HELD[Role.MARKETING] | HELD[Role.EXECUTIVE]
    assert permissions_of([]) == frozenset()
    assert {role.scope for role in HOUSE_ROLES} == {Scope.HOUSE}

"""docs/reference/roles.md, written from the table of roles: `footlights roles > docs/reference/roles.md`."""

from collections.abc import Iterable

from footlights.accounts.api import HELD, HOUSE_ROLES, TEAM_ROLES, Permission, Role, Scope, needs_second_factor

TABLES = (
    ("Everybody", Scope.SELF, (Role.VISITOR, Role.SUBSCRIBER)),
    ("On a channel", Scope.CHANNEL, (Role.CREATOR, *TEAM_ROLES)),
    ("In the house", Scope.HOUSE, HOUSE_ROLES),
)
HEAD = """# Roles

Written by `footlights roles` from `accounts/roles.py`, the one table that decides; a test fails when they differ. Which
permission opens which page is said in `web/rules`.

Whoever opens a channel is its creator; they invite a team by mail, under Team in the studio. A role on a channel counts
on that channel alone. The roles of the house are given by administrators, in the backoffice, to other people only; the
last administrator stays one. Whoever has any role is a subscriber too.
"""
WORDS = {
    Scope.SELF: "",
    Scope.CHANNEL: "\nWhat is of another channel, or needs more than a role holds, is not there: page not found.\n",
    Scope.HOUSE: "",
}


def page() -> str:
    parts = [HEAD]
    for title, scope, roles in TABLES:
        parts += [f"\n## {title}\n{WORDS[scope]}\n", *_table(scope, roles)]
    names = ", ".join(str(role.words) for role in Role if needs_second_factor(roles=[role], is_required=True))
    parts.append(f"\n## A second step\n\nThese need one to get in, unless the operator makes it optional: {names}.\n")
    return "".join(parts)


def _table(scope: Scope, roles: Iterable[Role]) -> Iterable[str]:
    yield _line("", *(str(role.words) for role in roles))
    yield _line("---", *(":-:" for _ in roles))
    for permission in (each for each in Permission if each.scope is scope):
        yield _line(str(permission.words), *("yes" if permission in HELD[role] else "" for role in roles))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"

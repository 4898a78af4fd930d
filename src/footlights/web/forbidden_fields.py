"""Fields that no form of ours has, because what they would set nobody sets by a form: roles, rights, shares.

A request that sends one was not made by our pages. It is refused before any view sees it, and recorded.
"""

import re
from collections.abc import Mapping

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from footlights.audit.api import Act, record
from footlights.web.asking import READING
from footlights.web.errors.views import unreadable

NAMES = frozenset(
    {
        "admin", "administrator", "fee", "fee_bps", "fee_minor", "groups", "is_admin", "is_administrator", "is_manager",
        "is_owner", "is_staff", "is_superuser", "owner", "owner_id", "permission", "permissions", "platform_fee",
        "privilege", "privileges", "role", "roles", "scope", "scopes", "share", "share_bps", "shares", "staff",
        "superuser", "user_permissions",
    }
)  # fmt: skip
# The few forms that give a role say so here.
HELD_BY: Mapping[str, frozenset[str]] = {
    "studio:team_invitations": frozenset({"role"}),
    "studio:team_role": frozenset({"role"}),
    "backoffice:role_given": frozenset({"role"}),
    "backoffice:role_taken": frozenset({"role"}),
}
_IN_JSON = re.compile(rb'"(%s)"\s*:' % b"|".join(name.encode() for name in sorted(NAMES)), re.IGNORECASE)


def refuse_forbidden(request: HttpRequest, route: str, *, is_form: bool) -> HttpResponse | None:
    """400 for a request that sends such a field, with a record of who sent what where; None for every other one.

    Without `is_form` the view reads the body itself, and only JSON is looked at.
    """
    if request.method in READING:
        return None
    found = sorted(_fields_of(request, is_form=is_form) - HELD_BY.get(route, frozenset()))
    if not found:
        return None
    with transaction.atomic():
        record(act=Act.FIELD_REFUSED, object_kind="page", object_id=route, after={"fields": found})
    return unreadable(request)


def _fields_of(request: HttpRequest, *, is_form: bool) -> set[str]:
    if request.content_type == "application/json":
        return {name.decode().lower() for name in _IN_JSON.findall(request.body)}
    return {name.lower() for name in request.POST} & NAMES if is_form else set()

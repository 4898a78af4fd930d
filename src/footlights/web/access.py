"""Who is let in where: applies the table of web/rules. A route that is not in it answers nobody.

Enforces what follows from the person alone: signed in, a role of the house, proven anew. What is held on a channel its
views ask the catalog, by `let_in` (web/studio/current.py); what is somebody's own, like a purchase, its context. That
they do is proved by tests/architecture/test_access.py, which walks every route as every role.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from footlights.accounts.api import (
    Permission,
    Role,
    Scope,
    address_network,
    permissions_of,
    role_named,
)
from footlights.audit.api import NOT_THEIRS, current_origin, tally
from footlights.kernel.clock import now
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.web.account.proof import ProofRequiredError, ask_for_proof, is_proven
from footlights.web.asking import READING, is_of_script, page_of
from footlights.web.errors.views import missing
from footlights.web.forbidden_fields import refuse_forbidden
from footlights.web.rules import BACKGROUND, PROVEN, RULES
from footlights.web.rules.needs import ANYBODY, PROOF, TO_SEE, TO_SEND, Both, Rule
from footlights.web.second_factor import SecondFactorRequiredError, ask_for_second_factor, lacks_second_factor

FAILED = 400  # and above
REFUSALS = {403, 404}
GUESTS_MAY = {"checkout", "giving", "rooms", "storefront", "watch"}


class BackofficeRequest(HttpRequest):
    """What a view for the house's own people is given besides: what they may do."""

    may: frozenset[Permission]


class AccessMiddleware:
    """Applies RULES before a view runs. Comes last, after the session and htmx are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSALS and request.resolver_match:
            note_refusal(request)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        answer, name = refuse(request), _name_of(request)
        if need_of(request) is PROOF:
            return answer
        return refuse_forbidden(request, name, is_form=name not in BACKGROUND) or answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What does not exist and what one may not see look the same: there is no such page."""
        if isinstance(error, ProofRequiredError):
            return ask_for_proof(request)
        if isinstance(error, SecondFactorRequiredError):
            return ask_for_second_factor(request)
        return missing(request, error) if isinstance(error, NotFoundError | NotAllowedError) else None


def refuse(request: HttpRequest) -> HttpResponse | None:
    """What the rules answer instead of the view; None lets the request through to it."""
    need = need_of(request)
    if need in {ANYBODY, PROOF}:
        return None
    is_of_the_house = isinstance(need, Permission) and need.scope is Scope.HOUSE
    roles = roles_of(request.user)
    if is_of_the_house and need not in permissions_of(roles):
        raise Http404
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    if getattr(request.user, "is_guest", False) and not _is_for_guests(_name_of(request)):
        return redirect("checkout:keep")
    if is_of_the_house:
        request.may = permissions_of(roles)  # type: ignore[attr-defined]  # for the page's own parts
        if lacks_second_factor(request.user, roles):
            return ask_for_second_factor(request)
    needed = PROVEN.get(_name_of(request))
    is_needed = needed == TO_SEE or (needed == TO_SEND and request.method not in READING)
    return ask_for_proof(request) if is_needed and not is_proven(request) else None


def _is_for_guests(name: str) -> bool:
    """Whoever has not proved their address yet buys and watches; all else waits for that."""
    return name == "account_logout" or name.partition(":")[0] in GUESTS_MAY


def note_refusal(request: HttpRequest) -> None:
    """Count that somebody asked for what is not theirs; of visitors, only where visitors have nothing to look for."""
    session: Any = request.session  # of footlights.accounts.sessions; reading one that has ended would take its cookie
    if session.was_read and request.user.is_authenticated:
        tally(NOT_THEIRS, [f"account {request.user.pk}"], at=now())
    elif need_of(request) is not ANYBODY:
        tally(NOT_THEIRS, [f"block {address_network(current_origin().address)}"], at=now())


def let_in(request: Any, role: Role) -> None:
    """Give a view that is about a channel what this person's role there may do.

    Raises NotFoundError where the route needs more, and SecondFactorRequiredError.
    """
    may = permissions_of([role])
    if need_of(request) not in may:
        raise NotFoundError("There is no such page for this role.")
    if lacks_second_factor(request.user, [role]):
        raise SecondFactorRequiredError(SecondFactorRequiredError.__doc__)
    request.role, request.may = role, may


def roles_of(user: Any) -> list[Role]:
    """The roles of the house that somebody holds; none for most, and for visitors."""
    return [role_named(role) for role in getattr(user, "roles", ())]


def is_activity(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the person did something: opened a page or sent a form. Sessions live ten hours from that."""
    if response.status_code >= FAILED or _name_of(request) in BACKGROUND or "Sec-Purpose" in request.headers:
        return False
    is_script = bool(getattr(request, "htmx", False)) or is_of_script(request)
    return not (is_script and request.method in READING)


def _name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def need_of(request: HttpRequest) -> Permission | Rule:
    """What this request needs; for one that reads and one that sends they may differ."""
    name = _name_of(request)
    try:
        need = RULES[name]
    except KeyError as error:
        raise ImproperlyConfigured(
            f"Nobody may use {request.path}: give {name or 'the route a name, and it,'} a rule in web/rules."
        ) from error
    if isinstance(need, Both):
        return need.read if request.method in READING else need.send
    return need


def person_id_of(request: HttpRequest) -> UUID:
    """Who asks, in a view whose rule lets only people with an account in."""
    person_id = request.user.pk
    if person_id is None:
        raise NotAllowedError("Sign in first.")
    return person_id


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a person to the sign-in page and back to where they were; a script gets a plain 401."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(page_of(request)).url})
    if is_of_script(request):
        return HttpResponse("Sign in first.", status=401, content_type="text/plain")
    return redirect_to_login(page_of(request))

"""What each address needs. One table: a route that is not in it answers nobody.

Owns which permission opens each route (who holds which is said in accounts/roles.py) and enforces what follows from the
person alone: signed in, a role of the house, proven anew. What is held on a channel its views ask the catalog, by
`let_in` (web/studio/current.py); what is somebody's own, like a purchase, its context. That they do is proved by
tests/architecture/test_access.py, which walks every route as every role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse

from footlights.accounts.api import (
    Permission,
    Role,
    Scope,
    permissions_of,
    role_named,
)
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.web.account.proof import ProofRequiredError, ask_for_proof, is_proven
from footlights.web.asking import READING, is_of_script, page_of
from footlights.web.errors.views import missing
from footlights.web.forbidden_fields import refuse_forbidden
from footlights.web.second_factor import SecondFactorRequiredError, ask_for_second_factor, lacks_second_factor

FAILED = 400  # and above


class Rule(Enum):
    """Who gets an answer where no role decides. To everybody else the address does not exist."""

    OWNER = "whose own it is: a purchase, an upload, a passkey"
    PROOF = "who carries the proof in the request itself: a signed webhook, a watch token"


@dataclass(frozen=True, slots=True)
class Both:
    """One permission to see the page, another to send its form."""

    read: Permission
    send: Permission


Need = Permission | Rule | Both

OWNER, PROOF = Rule
ANYBODY, SIGNED_IN = Permission.VISIT, Permission.HAVE_ACCOUNT
SERVICES = ("google", "facebook", "twitter_oauth2", "apple", "openid_connect")
SEE_CHANNEL, EDIT_TITLES, EDIT_CHANNEL = Permission.SEE_CHANNEL, Permission.EDIT_TITLES, Permission.EDIT_CHANNEL

RULES: dict[str, Need] = {
    # Health and development
    "health:live": ANYBODY,
    "health:ready": ANYBODY,
    "health:metrics": PROOF,
    "styleguide": ANYBODY,  # exists in debug only
    # First run: exists only while nobody has an account
    "welcome:home": ANYBODY,
    # Signing in and up (django-allauth)
    "account_login": ANYBODY,
    "account_signup": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_reset_password": ANYBODY,
    "account_reset_password_done": ANYBODY,
    "account_reset_password_from_key": ANYBODY,
    "account_reset_password_from_key_done": ANYBODY,
    "account_email_verification_sent": ANYBODY,
    "account_confirm_email": ANYBODY,
    "account_confirm_login_code": ANYBODY,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_request_login_code": ANYBODY,
    # The second step of signing in
    "mfa_authenticate": ANYBODY,
    "mfa_login_webauthn": ANYBODY,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": OWNER,
    "mfa_remove_webauthn": OWNER,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    # Other services' accounts; what is not configured answers nobody
    "socialaccount_signup": ANYBODY,
    "socialaccount_login_cancelled": ANYBODY,
    "socialaccount_login_error": ANYBODY,
    "socialaccount_connections": SIGNED_IN,
    "apple_finish_callback": ANYBODY,
    **{f"{service}_{step}": ANYBODY for service in SERVICES for step in ("login", "callback")},
    # One's own account
    "account:home": SIGNED_IN,
    "account:name": SIGNED_IN,
    "account:purchases": SIGNED_IN,
    "account:receipt": OWNER,
    "account:history": SIGNED_IN,
    "account:activity": SIGNED_IN,
    "account:devices": SIGNED_IN,
    "account:prove_by_mail": SIGNED_IN,
    "account:go_on": SIGNED_IN,
    # Storefront
    "storefront:home": ANYBODY,
    "storefront:search": ANYBODY,
    "storefront:category": ANYBODY,
    "storefront:channel": ANYBODY,
    "storefront:feed": ANYBODY,
    "storefront:title": ANYBODY,
    "storefront:library": SIGNED_IN,
    "storefront:robots": ANYBODY,
    "storefront:sitemap": ANYBODY,
    "storefront:sitemap_page": ANYBODY,
    # Checkout
    "checkout:offer": SIGNED_IN,
    "checkout:purchase": OWNER,
    # Watching
    "watch:title": ANYBODY,
    "watch:speculation_rules": ANYBODY,
    "watch:embed": ANYBODY,
    "watch:oembed": ANYBODY,
    "watch:sessions": ANYBODY,  # may_watch decides
    "watch:licence": PROOF,
    "watch:trailer": ANYBODY,
    "watch:trailer_licence": ANYBODY,  # gives the keys of trailers alone
    "watch:beats": PROOF,
    "watch:stop": PROOF,
    # Uploads by tus
    "uploads:collection": SIGNED_IN,
    "uploads:item": OWNER,
    # Studio
    "studio:home": SEE_CHANNEL,
    "studio:channel_new": Permission.OPEN_CHANNEL,
    "studio:channel_handle": Permission.OPEN_CHANNEL,
    "studio:channel_switch": SEE_CHANNEL,
    "studio:channel": EDIT_CHANNEL,
    "studio:channel_embedding": EDIT_CHANNEL,
    "studio:titles": SEE_CHANNEL,
    "studio:titles_bulk": EDIT_TITLES,
    "studio:titles_restored": EDIT_TITLES,
    "studio:title": Both(SEE_CHANNEL, EDIT_TITLES),
    "studio:title_saved": EDIT_TITLES,
    "studio:title_poster": EDIT_TITLES,
    "studio:title_captions": EDIT_TITLES,
    "studio:title_captions_item": EDIT_TITLES,
    "studio:title_price": Permission.SET_PRICES,
    "studio:title_visibility": EDIT_TITLES,
    "studio:title_publish": EDIT_TITLES,
    "studio:title_file": Both(SEE_CHANNEL, EDIT_TITLES),
    "studio:title_retry": EDIT_TITLES,
    "studio:title_trailer": EDIT_TITLES,
    "studio:title_trailer_state": EDIT_TITLES,
    "studio:title_trailer_retry": EDIT_TITLES,
    "studio:title_delete": EDIT_TITLES,
    "studio:title_restore": EDIT_TITLES,
    "studio:upload": EDIT_TITLES,
    "studio:upload_titles": EDIT_TITLES,
    "studio:price_preview": SIGNED_IN,
    "studio:money": Permission.SEE_EARNINGS,
    "studio:activity": Permission.SEE_ACTIVITY,
    "studio:team": SEE_CHANNEL,
    "studio:team_invitations": Permission.MANAGE_TEAM,
    "studio:team_invitation_withdrawn": Permission.MANAGE_TEAM,
    "studio:team_role": Permission.MANAGE_TEAM,
    "studio:team_removed": Permission.MANAGE_TEAM,
    "studio:team_left": SEE_CHANNEL,
    "studio:invitation": PROOF,  # the link in the mail, and the address it went to
    # Gateways
    "webhooks": PROOF,
    "sandbox_gateway": PROOF,  # its address is the proof
    "sandbox_gateway_challenge": PROOF,
    "sandbox_gateway_turning_back": PROOF,
    # Backoffice
    "backoffice:home": Permission.SEE_BACKOFFICE,
    "backoffice:search": Permission.SEE_BACKOFFICE,
    "backoffice:settings": Permission.NAME_SERVICE,
    "backoffice:people": Permission.SEE_PEOPLE,
    "backoffice:person": Permission.SEE_PEOPLE,
    "backoffice:role_given": Permission.GIVE_ROLES,
    "backoffice:role_taken": Permission.GIVE_ROLES,
    "backoffice:titles": Permission.SEE_ALL_TITLES,
    "backoffice:title": Permission.SEE_ALL_TITLES,
    "backoffice:title_as": Permission.VIEW_AS,
    "backoffice:title_retry": Permission.RUN_JOBS,
    "backoffice:payments": Permission.SEE_PAYMENTS,
    "backoffice:payment": Permission.SEE_PAYMENTS,
    "backoffice:refund": Permission.REFUND_PAYMENTS,
    "backoffice:trail": Permission.SEE_TRAIL,
    "backoffice:trail_export": Permission.SEE_TRAIL,
    "backoffice:trail_record": Permission.SEE_TRAIL,
    "backoffice:alerts": Permission.HANDLE_ALERTS,
    "backoffice:alerts_banner": Permission.HANDLE_ALERTS,
    "backoffice:alerts_runbook": Permission.HANDLE_ALERTS,
    "backoffice:alert": Permission.HANDLE_ALERTS,
    "backoffice:alert_acknowledge": Permission.HANDLE_ALERTS,
    "backoffice:alert_silence": Permission.HANDLE_ALERTS,
    "backoffice:alert_silence_end": Permission.HANDLE_ALERTS,
    "backoffice:alert_destinations": Permission.CHANGE_SETTINGS,
    "backoffice:alert_destination_try": Permission.CHANGE_SETTINGS,
    "backoffice:alert_destination_remove": Permission.CHANGE_SETTINGS,
    "backoffice:jobs": Permission.RUN_JOBS,
    "backoffice:job": Permission.RUN_JOBS,
    "backoffice:job_retry": Permission.RUN_JOBS,
    "backoffice:job_cancel": Permission.RUN_JOBS,
}

# What is grave asks a person to prove again that it is they when their last proof is older than ten minutes: to see the
# page, or to send its form. A view that finds out only halfway calls `require_proof` (a price of what is on sale).
TO_SEE, TO_SEND = "see", "send"
PROVEN: dict[str, str] = {
    "account_email": TO_SEND,
    "account_set_password": TO_SEE,
    "socialaccount_connections": TO_SEE,
    "account:go_on": TO_SEE,  # a form that waited for the proof
    "mfa_activate_totp": TO_SEE,
    "mfa_deactivate_totp": TO_SEE,
    "mfa_add_webauthn": TO_SEE,
    "mfa_edit_webauthn": TO_SEE,
    "mfa_remove_webauthn": TO_SEE,
    "mfa_view_recovery_codes": TO_SEE,
    "mfa_generate_recovery_codes": TO_SEE,
    "mfa_download_recovery_codes": TO_SEE,
    "studio:team_invitations": TO_SEND,
    "studio:team_role": TO_SEND,
    "studio:team_removed": TO_SEND,
    "backoffice:person": TO_SEE,
    "backoffice:role_given": TO_SEND,
    "backoffice:role_taken": TO_SEND,
    "backoffice:refund": TO_SEND,
    "backoffice:trail_export": TO_SEND,
    "backoffice:trail_record": TO_SEE,
    "backoffice:settings": TO_SEND,
    "backoffice:alert_silence": TO_SEND,
    "backoffice:alert_destinations": TO_SEND,
    "backoffice:alert_destination_try": TO_SEND,
    "backoffice:alert_destination_remove": TO_SEND,
}

# Requests that browsers and players send without their person. They keep no session alive; nor does a script that only
# reads (a poll, a search while typing), a page that is fetched ahead, or an answer that failed.
BACKGROUND = frozenset(
    {
        "watch:sessions",
        "watch:licence",
        "watch:trailer",
        "watch:trailer_licence",
        "watch:beats",
        "watch:stop",
        "uploads:collection",
        "uploads:item",
    }
)


class BackofficeRequest(HttpRequest):
    """What a view for the house's own people is given besides: what they may do."""

    may: frozenset[Permission]


class AccessMiddleware:
    """Applies RULES before a view runs. Comes last, after the session and htmx are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
    if is_of_the_house:
        request.may = permissions_of(roles)  # type: ignore[attr-defined]  # for the page's own parts
        if lacks_second_factor(request.user, roles):
            return ask_for_second_factor(request)
    needed = PROVEN.get(_name_of(request))
    is_needed = needed == TO_SEE or (needed == TO_SEND and request.method not in READING)
    return ask_for_proof(request) if is_needed and not is_proven(request) else None


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
            f"Nobody may use {request.path}: give {name or 'the route a name, and it,'} a rule in web/access.py."
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

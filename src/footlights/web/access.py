"""Who may use each address. One table: a route that is not in it answers nobody.

Owns each route's rule and enforces what follows from the person alone (signed in, administrator, proven anew). What
depends on the object (whose channel, whose purchase) the view asks the object's context; that it does is proved by
tests/architecture/test_access.py, which walks every route as an anonymous visitor, a stranger, the owner and staff.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from footlights.accounts.api import has_second_factor, needs_second_factor
from footlights.kernel.errors import NotAllowedError, NotFoundError
from footlights.web.account.proof import ProofRequiredError, ask_for_proof, is_proven
from footlights.web.asking import READING, is_of_script, page_of
from footlights.web.errors.views import missing

FAILED = 400  # and above


class Rule(Enum):
    """Who gets an answer. To everybody else the address does not exist, or asks them to sign in."""

    ANYBODY = "anybody; what they see may depend on who they are"
    SIGNED_IN = "anybody with an account, about themselves"
    OWNER = "whose object it is, or who manages it; to others there is no such page"
    STAFF = "administrators; to others there is no such page"
    PROOF = "who carries the proof in the request itself: a signed webhook, a watch token"


ANYBODY, SIGNED_IN, OWNER, STAFF, PROOF = Rule

RULES: dict[str, Rule] = {
    # Health and development
    "health:live": ANYBODY,
    "health:ready": ANYBODY,
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
    "google_login": ANYBODY,
    "google_callback": ANYBODY,
    "facebook_login": ANYBODY,
    "facebook_callback": ANYBODY,
    "twitter_oauth2_login": ANYBODY,
    "twitter_oauth2_callback": ANYBODY,
    "apple_login": ANYBODY,
    "apple_callback": ANYBODY,
    "apple_finish_callback": ANYBODY,
    "openid_connect_login": ANYBODY,
    "openid_connect_callback": ANYBODY,
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
    "studio:home": SIGNED_IN,
    "studio:channel_new": SIGNED_IN,
    "studio:channel_handle": SIGNED_IN,
    "studio:channel_switch": OWNER,
    "studio:channel": SIGNED_IN,
    "studio:channel_embedding": SIGNED_IN,
    "studio:titles": SIGNED_IN,
    "studio:titles_bulk": OWNER,
    "studio:titles_restored": OWNER,
    "studio:title": OWNER,
    "studio:title_saved": OWNER,
    "studio:title_poster": OWNER,
    "studio:title_captions": OWNER,
    "studio:title_captions_item": OWNER,
    "studio:title_price": OWNER,
    "studio:title_visibility": OWNER,
    "studio:title_publish": OWNER,
    "studio:title_file": OWNER,
    "studio:title_retry": OWNER,
    "studio:title_trailer": OWNER,
    "studio:title_trailer_state": OWNER,
    "studio:title_trailer_retry": OWNER,
    "studio:title_delete": OWNER,
    "studio:title_restore": OWNER,
    "studio:upload": SIGNED_IN,
    "studio:upload_titles": SIGNED_IN,
    "studio:price_preview": SIGNED_IN,
    "studio:money": SIGNED_IN,
    "studio:activity": SIGNED_IN,
    # Gateways
    "webhooks": PROOF,
    "sandbox_gateway": PROOF,  # its address is the proof
    "sandbox_gateway_challenge": PROOF,
    "sandbox_gateway_turning_back": PROOF,
    # Backoffice
    "backoffice:home": STAFF,
    "backoffice:search": STAFF,
    "backoffice:settings": STAFF,
    "backoffice:people": STAFF,
    "backoffice:person": STAFF,
    "backoffice:titles": STAFF,
    "backoffice:title": STAFF,
    "backoffice:title_retry": STAFF,
    "backoffice:payments": STAFF,
    "backoffice:payment": STAFF,
    "backoffice:refund": STAFF,
    "backoffice:trail": STAFF,
    "backoffice:trail_export": STAFF,
    "backoffice:trail_record": STAFF,
    "backoffice:jobs": STAFF,
    "backoffice:job": STAFF,
    "backoffice:job_retry": STAFF,
    "backoffice:job_cancel": STAFF,
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
    "backoffice:person": TO_SEE,
    "backoffice:refund": TO_SEND,
    "backoffice:trail_export": TO_SEND,
    "backoffice:trail_record": TO_SEE,
    "backoffice:settings": TO_SEND,
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


class AccessMiddleware:
    """Applies RULES before a view runs. Comes last, after the session and htmx are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        return refuse(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What does not exist and what one may not see look the same: there is no such page."""
        if isinstance(error, ProofRequiredError):
            return ask_for_proof(request)
        return missing(request, error) if isinstance(error, NotFoundError | NotAllowedError) else None


def refuse(request: HttpRequest) -> HttpResponse | None:
    """What the rules answer instead of the view; None lets the request through to it."""
    rule = rule_of(request)
    if rule in {ANYBODY, PROOF}:
        return None
    if rule is STAFF and not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    if rule is STAFF and lacks_second_factor(request.user):
        return ask_for_second_factor(request)
    needed = PROVEN.get(_name_of(request))
    is_needed = needed == TO_SEE or (needed == TO_SEND and request.method not in READING)
    return ask_for_proof(request) if is_needed and not is_proven(request) else None


def lacks_second_factor(user: Any) -> bool:
    needs = needs_second_factor(is_staff=user.is_staff, is_required=settings.SECOND_FACTOR_REQUIRED)
    return needs and not has_second_factor(user.pk)


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead an administrator who has none to where it is set up; a script is told why."""
    address = f"{reverse('mfa_index')}?{urlencode({'next': page_of(request)})}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if is_of_script(request):
        return HttpResponse("Set up a second step first.", status=403, content_type="text/plain")
    return redirect(address)


def is_activity(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the person did something: opened a page or sent a form. Sessions live ten hours from that."""
    if response.status_code >= FAILED or _name_of(request) in BACKGROUND or "Sec-Purpose" in request.headers:
        return False
    is_script = bool(getattr(request, "htmx", False)) or is_of_script(request)
    return not (is_script and request.method in READING)


def _name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def rule_of(request: HttpRequest) -> Rule:
    name = _name_of(request)
    try:
        return RULES[name]
    except KeyError as error:
        raise ImproperlyConfigured(
            f"Nobody may use {request.path}: give {name or 'the route a name, and it,'} a rule in web/access.py."
        ) from error


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

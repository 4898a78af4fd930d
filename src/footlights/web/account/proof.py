"""Asks somebody who is signed in to prove again that it is they, before what is grave, and then does just that.

Owns when the last proof counts (ten minutes, in the same session and the same browser), and the form that was sent
meanwhile: sealed in the session, sent again once after the proof. What needs a proof is said in web/rules; asking
for the password, the code or the passkey is django-allauth's.

A proof is the second factor of whoever has one, else the password. A sign-in by a reset password's link or through
another service proves nothing here.
"""

import base64
import json
from time import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from django.contrib import messages
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from footlights.accounts.api import has_second_factor
from footlights.kernel import crypto
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.kernel.ids import new_token
from footlights.playback.api import end_screens
from footlights.web.account.browser import device_of
from footlights.web.asking import READING, is_of_script, page_of

COUNTS_FOR_S = 600
KEPT_FOR_S = 1_800
KEPT_AT_ONCE = 5
MAX_KEPT_BYTES = 100_000
PROOF, KEPT = "proof", "kept_forms"  # in the session
HTMX_REDIRECT = 204


class ProofRequiredError(FootlightsError):
    """Prove first that it is you."""

    code = "proof_required"


def is_proven(request: HttpRequest) -> bool:
    """Whether this person proved within ten minutes, in this session and this browser, who they are."""
    proof = request.session.get(PROOF) or {}
    return bool(
        time() - proof.get("at", 0) < COUNTS_FOR_S
        and proof["person"] == str(request.user.pk)
        and proof["device"] == device_of(request)
    )


def require_proof(request: HttpRequest) -> None:
    """For a view that finds out only halfway, before it changed anything, that this needs a proof."""
    if not is_proven(request):
        raise ProofRequiredError(_("Prove first that it is you."))


def note_proof(request: HttpRequest, person: Any) -> None:
    request.session[PROOF] = {"at": time(), "person": str(person.pk), "device": device_of(request)}


@receiver(authentication_step_completed)
def take_proof(request: HttpRequest, method: str, user: Any, **extra: Any) -> None:
    """Somebody showed a password, a code or a passkey, while signing in or when asked again."""
    counts = method == "mfa" or not has_second_factor(user.pk)
    if method == "code":
        counts = counts and not user.has_usable_password()
    if not counts or method not in {"mfa", "password", "code"}:
        return
    if extra.get("reauthenticated"):
        # What plays is bound to the old key. Its players begin anew without a word, and find their places free.
        end_screens(viewer_id=user.pk, at=now(), session_keys=[f"account:{request.session.session_key}"])
        request.session.cycle_key()
    note_proof(request, user)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Lead a person to the proof and then on; a script is told where to send them."""
    is_htmx = bool(getattr(request, "htmx", False))
    methods = get_adapter().get_reauthentication_methods(request.user)
    prove_at: str = methods[0]["url"]
    if not is_htmx and is_of_script(request):
        told = {"code": ProofRequiredError.code, "message": _("Prove first that it is you."), "prove_at": prove_at}
        return JsonResponse(told, status=403)
    then = request.get_full_path() if request.method in READING and not is_htmx else keep(request)
    address = f"{prove_at}?{urlencode({'next': then})}"
    if is_htmx:
        return HttpResponse(status=HTMX_REDIRECT, headers={"HX-Redirect": address})
    return redirect(address)


def keep(request: HttpRequest) -> str:
    """Seal the form that was sent, and give the address that sends it again after the proof."""
    page, sent = page_of(request), request.POST.urlencode()
    if request.method in READING:
        return page
    if request.FILES or len(sent) > MAX_KEPT_BYTES:
        messages.info(request, _("Please send it once more: that was too much to keep meanwhile."))
        return page
    form = {"path": request.get_full_path(), "body": sent, "htmx": bool(getattr(request, "htmx", False))}
    sealed = crypto.seal(json.dumps(form).encode(), context=_context(request))
    kept = dict(list((request.session.get(KEPT) or {}).items())[1 - KEPT_AT_ONCE :])
    name = new_token()
    kept[name] = {"form": base64.b64encode(sealed).decode(), "page": page, "at": time()}
    request.session[KEPT] = kept
    return reverse("account:go_on", args=[name])


def take_kept(request: HttpRequest, name: str) -> tuple[dict[str, Any] | None, str]:
    """The form kept under `name`, once, and the page it was sent from. Raises Http404."""
    kept = request.session.get(KEPT) or {}
    if name not in kept:
        raise Http404
    entry = kept[name]
    sealed = entry.pop("form", None)
    request.session.modified = True
    request.session.save()  # spent, before anything is done with it
    if sealed is None or time() - entry["at"] > KEPT_FOR_S:
        return None, entry["page"]
    return json.loads(crypto.unseal(base64.b64decode(sealed), context=_context(request))), entry["page"]


def _context(request: HttpRequest) -> str:
    return f"kept-form:{request.user.pk}"

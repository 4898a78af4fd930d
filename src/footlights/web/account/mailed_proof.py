"""The proof of whoever has neither a second factor nor a password: a code, mailed to their confirmed address.

Owns the code: its digest lies in the session for ten minutes and takes three tries. That it counts is said in proof.py.
"""

from hashlib import sha256
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

COUNTS_FOR_S = 600
TRIES = 3
SENT = "mailed_proof"  # in the session


class MailedCodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not _fits(self.request, code):
            raise forms.ValidationError(_("That is not the code of our latest mail. Look again, or ask for a new one."))
        return code


class ProveByMail(BaseReauthenticateView):  # type: ignore[misc]  # allauth has no types
    """Mails a code when its button is pressed, then takes it. Django-allauth says where the person goes on."""

    template_name = "account/prove_by_mail.html"
    form_class = MailedCodeForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" in request.POST:
            _send(request)
            return redirect(self.passthrough_next_url(request.path))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "is_sent": SENT in self.request.session}

    def form_valid(self, form: MailedCodeForm) -> HttpResponse:
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        answer: HttpResponse = super().form_valid(form)
        return answer


prove_by_mail = ProveByMail.as_view()


def _send(request: HttpRequest) -> None:
    address = EmailAddress.objects.get_primary_email(request.user) or request.user.email  # type: ignore[union-attr]
    if not ratelimit.consume(request, action="request_login_code", key=address):
        messages.error(request, _("That was too often. Wait a minute and try again."))
        return
    code = get_adapter().generate_login_code()
    request.session[SENT] = {"digest": _digest(code), "at": time(), "tries": 0}
    get_adapter().send_mail("account/email/login_code", address, {"code": code})


def _fits(request: HttpRequest, code: str) -> bool:
    """Whether it is the mailed one. Each try is counted before it is judged; the last one, or a right one, ends it."""
    sent = request.session.get(SENT)
    if sent is None or time() - sent["at"] > COUNTS_FOR_S:
        request.session.pop(SENT, None)
        return False
    fits: bool = _digest(code) == sent["digest"]
    sent["tries"] += 1
    if fits or sent["tries"] >= TRIES:
        del request.session[SENT]
    request.session.modified = True
    request.session.save()
    return fits


def _digest(code: str) -> str:
    return sha256(normalize_user_code(code).encode()).hexdigest()

"""Names and addresses are masked in the house until somebody says why they need one; then one page shows one of them.

Owns for how long (ten minutes), for whom (who asked, in the browser they asked in) and the form that asks why. Every
other page stays masked meanwhile. That it happened, and why, is recorded by accounts and told to whom it concerns.
"""

from time import time
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from footlights.accounts.api import NOTE_LENGTH, Reason
from footlights.web.account.browser import device_of

SHOWN_FOR_S = 600
SHOWN_AT_ONCE = 10
UNMASKED = "unmasked"  # in the session


class ReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose one")), *((each.value, each.words) for each in Reason)],
    )
    note = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=gettext_lazy("They read it in their Activity, and it stays in the trail."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def show_for_a_while(request: HttpRequest, person_id: UUID) -> None:
    """This reader, in this browser, sees them on their page from now on, until it is over."""
    entry = {"until": time() + SHOWN_FOR_S, "by": str(request.user.pk), "device": device_of(request)}
    others = {name: each for name, each in (request.session.get(UNMASKED) or {}).items() if name != str(person_id)}
    request.session[UNMASKED] = dict([*list(others.items())[1 - SHOWN_AT_ONCE :], (str(person_id), entry)])


def shown_for_s(request: HttpRequest, person_id: UUID) -> int:
    """How many seconds longer this reader, in this browser, is shown that person's name and address; 0 when masked."""
    entry = (request.session.get(UNMASKED) or {}).get(str(person_id)) or {}
    is_theirs = entry.get("by") == str(request.user.pk) and entry.get("device") == device_of(request)
    return max(0, int(entry["until"] - time())) if is_theirs else 0

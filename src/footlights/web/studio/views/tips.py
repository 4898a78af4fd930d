"""The tips a channel was given, with the words that came along; whether it takes any; and giving one back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission, list_persons
from footlights.catalog import api as catalog
from footlights.giving import api as giving
from footlights.giving.api import ReceivedTip, State, TipJar
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, InvalidInputError
from footlights.terms.api import refund_proof_above
from footlights.web.account.proof import require_proof
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame


class TipJarForm(forms.Form):
    is_open = forms.BooleanField(
        label=gettext_lazy("Take tips"),
        required=False,
        help_text=gettext_lazy("A button on your channel and on each of your titles."),
    )
    thanks = forms.CharField(
        label=gettext_lazy("Your thanks"),
        required=False,
        help_text=gettext_lazy("What somebody reads who gave you something."),
        widget=forms.Textarea({"rows": 2, "maxlength": giving.THANKS_LENGTH_MAX}),
    )


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    jar = giving.tip_jar(request.channel.id)
    return _page(request, TipJarForm(initial={"is_open": jar.is_open, "thanks": jar.thanks}))


@require_POST
@with_channel
def keep_jar(request: StudioRequest) -> HttpResponse:
    """Take tips from now on, or none any more."""
    form = TipJarForm(request.POST)
    if form.is_valid():
        jar = TipJar(**form.cleaned_data)
        try:
            giving.set_tip_jar(channel_id=request.channel.id, editor_id=person_id(request), jar=jar, at=now())
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("You take tips now.") if jar.is_open else _("You take no tips now."))
            return redirect("studio:tips")
    return _page(request, form, status=UNPROCESSABLE)


@require_safe
@with_channel
def tip(request: StudioRequest, tip_id: UUID) -> HttpResponse:
    found = giving.get_received_tip(channel_id=request.channel.id, tip_id=tip_id)
    left = found.amount - found.refunded
    context = {
        "section": "money",
        **_lines([found])[0],
        "may_refund": Permission.REFUND_SALES in request.may and found.state is not State.REFUNDED,
        "question": _("Give %(amount)s back?") % {"amount": left.format(get_language() or "en")},
    }
    return render(request, "studio/tip.html", context)


@require_POST
@with_channel
def refund(request: StudioRequest, tip_id: UUID) -> HttpResponse:
    """Give a tip back, all that is left of it. A second click gives nothing twice: the key is the tip's."""
    at = now()
    found = giving.get_received_tip(channel_id=request.channel.id, tip_id=tip_id)
    if refund_proof_above(found.amount.currency, at) < found.amount:
        require_proof(request)
    try:
        done = giving.refund_tip(tip_id=tip_id, by_id=person_id(request), idempotency_key=f"studio:tip:{tip_id}", at=at)
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        words = _("The money is on its way back.")
        later = _("The payment service does not answer yet. The money goes back by itself as soon as it does.")
        messages.success(request, words if done.state is State.REFUNDED else later)
    return redirect("studio:tip", tip_id)


def _page(request: StudioRequest, form: TipJarForm, *, status: int = 200) -> HttpResponse:
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, giving.list_received_tips(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    context = {
        "section": "money",
        "form": form,
        "may_change": Permission.SET_PRICES in request.may,
        "page": page,
        "tips": _lines(page.rows),
        "totals": giving.tip_totals(request.channel.id),
    }
    return render(request, "studio/tips.html", context, status=status)


def _lines(tips: Iterable[ReceivedTip]) -> list[dict[str, Any]]:
    """Each with the name its giver goes by, if they wished to be named, and its title."""
    found = list(tips)
    people = list_persons(each.giver_id for each in found if each.giver_id)
    titles = catalog.list_titles({each.title_id for each in found if each.title_id})
    return [
        {
            "tip": each,
            "giver": people[each.giver_id].display_name if each.giver_id in people else "",
            "title": titles.get(each.title_id) if each.title_id else None,
        }
        for each in found
    ]

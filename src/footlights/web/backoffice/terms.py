"""The platform's terms: what holds, what will change, what was decided; deciding anew, and taking it back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footlights.accounts.api import get_installation, list_masked_persons
from footlights.catalog.api import list_channels
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.terms.api import (
    SaleKind,
    SetTerm,
    Term,
    dispute_access,
    list_ahead,
    list_decisions,
    list_in_force,
    pass_sharing,
    payout_terms,
    refund_terms,
    seller_hold_days,
    set_terms,
    withdraw_term,
)
from footlights.web.access import person_id_of
from footlights.web.backoffice.terms_forms import (
    BPS_A_PERCENT,
    DISPUTED,
    FORMS,
    KINDS,
    SCHEDULES,
    SHARINGS,
    TermsForm,
)
from footlights.web.paging import number_of, page_of

HEADINGS: dict[str, Any] = {
    "fees": gettext_lazy("The platform's share"),
    "limits": gettext_lazy("Price limits"),
    "payouts": gettext_lazy("Payouts"),
    "amounts": gettext_lazy("Amounts of payouts"),
    "reserve": gettext_lazy("Reserve"),
    "pass": gettext_lazy("Sharing the pass"),
    "refunds": gettext_lazy("Giving back"),
    "disputes": gettext_lazy("Disputes"),
    "sellers": gettext_lazy("Tax details"),
}


@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    at = now()
    page = page_of(request, list_decisions(number_of(request)))
    ahead, in_force = list_ahead(at), list_in_force(at)
    names = _names([*page.rows, *ahead, *in_force])
    context = {
        "section": "terms",
        "parts": list(HEADINGS.items()),
        "default_percent": f"{settings.PLATFORM_FEE_BPS / BPS_A_PERCENT:g}",
        "in_force": [_line(each, names) for each in in_force],
        "ahead": [_line(each, names) for each in ahead],
        "page": page,
        "decisions": [_line(each, names) for each in page.rows],
    }
    return render(request, "backoffice/terms.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, part: str) -> HttpResponse:
    """One part of the terms, with what holds now filled in."""
    if part not in FORMS:
        raise Http404
    at = now()
    form = FORMS[part](request.POST or None, initial=_initial(part, at))
    if form.is_valid():
        try:
            made = set_terms(changes=form.changes(), by_id=person_id_of(request), at=at, from_at=form.from_at(at))
        except InvalidInputError as error:
            form.add_error(_field_of(form, error), str(error))
        else:
            messages.success(request, _("Decided.") if made else _("That is what holds already."))
            return redirect("backoffice:terms")
    context = {"section": "terms", "heading": HEADINGS[part], "form": form}
    return render(request, "backoffice/terms_change.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, term_id: UUID) -> HttpResponse:
    withdraw_term(term_id=term_id, by_id=person_id_of(request), at=now())
    messages.success(request, _("Withdrawn. What holds now goes on."))
    return redirect("backoffice:terms")


def _initial(part: str, at: datetime) -> dict[str, Any]:
    currency = get_installation().currency
    if part == "payouts":
        held = payout_terms(currency, at)
        return {"schedule": int(held.schedule), "hold_days": held.hold_days}
    if part == "pass":
        return {"how": int(pass_sharing(at))}
    if part == "refunds":
        given = refund_terms(at)
        return {"within_days": given.within_days, "watched_percent": given.watched_percent}
    if part == "sellers":
        return {"days": seller_hold_days(at)}
    if part == "disputes":
        return {"access": int(dispute_access(at))}
    return {"currency": currency}


def _field_of(form: TermsForm, error: InvalidInputError) -> str | None:
    fields = {Term.PRICE_CEILING_MINOR.value: "highest", Term.SELLER_HOLD_DAYS.value: "days", "from_at": "from_day"}
    field = fields.get(error.field or "", error.field)
    return field if field in form.fields else None


def _names(terms: Iterable[SetTerm]) -> dict[UUID, str]:
    rows = list(terms)
    channels = list_channels({each.channel_id for each in rows if each.channel_id})
    people = list_masked_persons({each.set_by for each in rows})
    return {each.id: each.name for each in channels.values()} | {each.id: each.name for each in people.values()}


def _line(each: SetTerm, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "term": each,
        "words": words_of(each),
        "value": value_of(each),
        "channel": names.get(each.channel_id, "") if each.channel_id else "",
        "by": names.get(each.set_by, ""),
    }


def words_of(each: SetTerm) -> str:
    """What is decided, as the page says it."""
    words = {
        Term.FEE_BPS: _("The platform's share"),
        Term.PRICE_FLOOR_MINOR: _("Lowest price"),
        Term.PRICE_CEILING_MINOR: _("Highest price"),
        Term.PAYOUT_SCHEDULE: _("Creators are paid"),
        Term.PAYOUT_HOLD_DAYS: _("Days an earning waits first"),
        Term.PAYOUT_MINIMUM_MINOR: _("Least that is paid out"),
        Term.PAYOUT_APPROVAL_MINOR: _("A second person approves from"),
        Term.RESERVE_BPS: _("Stays in reserve"),
        Term.RESERVE_DAYS: _("Days it stays in reserve"),
        Term.REFUND_WITHIN_DAYS: _("Days in which buyers may take it back"),
        Term.PASS_SHARING: _("The pass is shared"),
        Term.REFUND_WATCHED_PERCENT: _("As long as they watched less than"),
        Term.SELLER_HOLD_DAYS: _("Days until money waits for tax details"),
        Term.DISPUTE_ACCESS: _("What a bank is asked to take back"),
        Term.REFUND_PROOF_MINOR: _("A seller proves first that it is they, from"),
    }[each.term]
    return f"{words}: {dict(KINDS)[SaleKind(each.kind)]}" if each.kind else words


def value_of(each: SetTerm) -> str:
    """Its value, as this reader writes it."""
    if each.value is None:
        return _("as before anybody decided")
    if each.currency:
        return Money(each.value, each.currency).format(get_language() or "en")
    choices = {Term.PASS_SHARING: SHARINGS, Term.PAYOUT_SCHEDULE: SCHEDULES, Term.DISPUTE_ACCESS: DISPUTED}
    if each.term in choices:
        return str(dict(choices[each.term])[each.value])
    if each.term in {Term.FEE_BPS, Term.RESERVE_BPS}:
        return f"{each.value / BPS_A_PERCENT:g} %"
    return f"{each.value} %" if each.term is Term.REFUND_WATCHED_PERCENT else str(each.value)

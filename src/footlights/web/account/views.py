"""One's own account: who one is here, what one bought, what one watched."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footlights.accounts.api import find_person, list_sign_ins, set_display_name
from footlights.catalog.api import list_memberships, list_titles
from footlights.invoicing.api import list_documents_about
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization.api import Purchase, get_purchase, list_parts, list_purchases
from footlights.playback.api import Progress, device_name, forget_history, list_history
from footlights.terms.api import refund_terms
from footlights.web.access import person_id_of
from footlights.web.account.devices import note_sign_in, sign_out_of
from footlights.web.account.forms import NameForm
from footlights.web.checkout.parts import parts_for
from footlights.web.paging import PER_PAGE, number_of
from footlights.web.sold import thing_of, things_of

SHOWN_AT_HOME = 5
ID_DIGITS = 19


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    person = find_person(person_id_of(request))
    return _home(request, NameForm(initial={"display_name": person.display_name if person else ""}))


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            set_display_name(person_id=person_id_of(request), **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error("display_name", str(error))
        else:
            messages.success(request, _("Your name is changed."))
            return redirect("account:home")
    return _home(request, form)


@require_GET
def purchases(request: HttpRequest) -> HttpResponse:
    page = number_of(request)
    found = list_purchases(person_id_of(request), limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    lines = _lines(found[:PER_PAGE])
    context = {"purchases": lines, "number": page, "has_more": len(found) > PER_PAGE}
    return render(request, "account/purchases.html", context)


@require_GET
def receipt(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    purchase = get_purchase(purchase_id, person_id_of(request))
    title = thing_of(purchase)
    is_ticket = purchase.broadcast_id is not None  # its page says whether the broadcast was moved, or has begun
    may_return = purchase.payment_id is not None and (is_ticket or refund_terms(now()).within_days > 0)
    context = {
        "purchase": purchase,
        "title": title,
        "parts": parts_for(list_parts(purchase_id)) if purchase.collection_id else [],
        "may_return": may_return,
        "documents": list_documents_about([f"purchase:{purchase.id}"]),
    }
    return render(request, "account/receipt.html", context)


@require_http_methods(["GET", "POST"])
def history(request: HttpRequest) -> HttpResponse:
    """What one watched; a POST forgets one title of it, or all."""
    if request.method == "POST":
        forget_history(viewer_id=person_id_of(request), title_id=_title_id(request.POST.get("title", "")))
        messages.success(request, _("Forgotten."))
        return redirect("account:history")
    page = number_of(request)
    found = list_history(person_id_of(request), limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    lines = _watched(found[:PER_PAGE])
    context = {"history": lines, "number": page, "has_more": len(found) > PER_PAGE}
    return render(request, "account/history.html", context)


@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; a POST ends one of those sign-ins, or all but this one."""
    if request.method == "POST":
        only = request.POST.get("only", "")
        sign_out_of(request, int(only) if only.isdecimal() and len(only) < ID_DIGITS else None)
        messages.success(request, _("Signed out there.") if only else _("Signed out everywhere but here."))
        return redirect("account:devices")
    note_sign_in(request)
    rows = list_sign_ins(person_id_of(request), here=request.session.session_key or "")
    lines = [{"sign_in": row, "name": device_name(row.user_agent)} for row in rows]
    return render(request, "account/devices.html", {"lines": lines, "others": any(not row.is_here for row in rows)})


def _home(request: HttpRequest, form: NameForm) -> HttpResponse:
    person_id, some = person_id_of(request), SHOWN_AT_HOME + 1
    bought, watched = list_purchases(person_id, limit=some), list_history(person_id, limit=some)
    context = {
        "form": form,
        "channels": [each.channel for each in list_memberships(person_id)],
        "purchases": _lines(bought[:SHOWN_AT_HOME]),
        "more_purchases": len(bought) > SHOWN_AT_HOME,
        "history": _watched(watched[:SHOWN_AT_HOME]),
        "more_history": bool(watched),
    }
    return render(request, "account/home.html", context, status=422 if form.errors else 200)


def _lines(purchases: Sequence[Purchase]) -> list[dict[str, object]]:
    """Each with what was bought, which may be gone."""
    things = things_of(purchases)
    return [{"purchase": each, "title": thing_of(each, things)} for each in purchases]


def _watched(rows: Sequence[Progress]) -> list[dict[str, object]]:
    """Each with its title, which may be gone."""
    titles = list_titles(row.title_id for row in rows)
    return [{"progress": row, "title": titles.get(row.title_id)} for row in rows]


def _title_id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError("There is no such title.") from error

"""What payees' pages send: for which currency, and that their money shall go elsewhere."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from footlights.accounts.api import get_installation
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, NotFoundError
from footlights.kernel.ids import new_id, new_token, parse_id
from footlights.kernel.money import exponent_of
from footlights.payouts import api as payouts
from footlights.web.access import person_id_of
from footlights.web.checkout.forms import read_total


def currency_of(request: HttpRequest) -> str:
    """The currency a form or a link names; without one, the service's own. Raises NotFoundError when it is none."""
    currency = (request.POST or request.GET).get("currency") or get_installation().currency
    try:
        exponent_of(currency)
    except FootlightsError as error:
        raise NotFoundError("There is no such currency.") from error
    return currency


def begin_destination(request: HttpRequest, account: str, *, back: str) -> HttpResponse:
    """Lead the payee to the gateway's page, which asks for the account at their bank."""
    try:
        page = payouts.begin_destination(
            account=account,
            by_id=person_id_of(request),
            return_path=f"{back}?back=1",
            idempotency_key=new_token(),
            at=now(),
        )
    except NotFoundError:
        raise
    except FootlightsError as error:
        messages.error(request, str(error))
        return redirect(back)
    return redirect(page)


def came_back(request: HttpRequest, account: str, *, back: str) -> HttpResponse | None:
    """Whoever returns from the gateway's page: it is asked at once, not by a job. None for everybody else."""
    if "back" not in request.GET:
        return None
    if payouts.note_destination_return(account=account, by_id=person_id_of(request), at=now()):
        messages.success(request, _("The payment service knows your bank account now."))
    else:
        messages.info(request, _("As soon as the payment service tells us of your bank account, it is shown here."))
    return redirect(back)


def ask_for_payout(request: HttpRequest, account: str, *, back: str) -> HttpResponse:
    """Send what is available. A second click finds that it was asked for already."""
    try:
        payout = payouts.request_payout(
            account=account, currency=currency_of(request), asked_by=person_id_of(request), at=now()
        )
    except payouts.PayoutError as error:
        messages.error(request, str(error))
    else:
        is_checked = payout.state is payouts.PayoutState.WAITING
        messages.success(
            request, _("Somebody looks at it first; then it is sent.") if is_checked else _("It is on its way.")
        )
    return redirect(back)


def convert(request: HttpRequest, account: str, *, back: str, frame: str) -> HttpResponse:
    """Show what all that is available would be in another currency; a POST converts exactly that."""
    source, targets = currency_of(request), _targets(account, currency_of(request))
    wanted = (request.POST or request.GET).get("to", "")
    target = wanted if wanted in targets else targets[0] if targets else ""
    asked: dict[str, Any] = {
        "account": account,
        "source": source,
        "target": target,
        "by_id": person_id_of(request),
        "at": now(),
    }
    context: dict[str, Any] = {
        "frame": frame,
        "back": back,
        "source": source,
        "target": target,
        "targets": targets,
        "section": "money",
    }
    if not target:
        return render(request, "payouts/convert.html", context | {"problem": _("There is nothing to convert yet.")})
    try:
        if request.method == "POST" and (key := parse_id(request.POST.get("key", ""))):
            shown = read_total(request.POST.get("shown", ""))
            payouts.convert_balance(**asked, shown=shown, idempotency_key=str(key))
            messages.success(request, _("Converted. It can be paid out now."))
            return redirect(back)
        context |= {"quote": payouts.quote_conversion(**asked), "key": new_id()}
    except payouts.ConversionChangedError as error:
        messages.error(request, str(error))
        return redirect(f"{request.path}?currency={source}&to={target}")
    except forms.ValidationError:
        return redirect(request.path)
    except payouts.PayoutError as error:
        context |= {"problem": str(error)}
    return render(request, "payouts/convert.html", context)


def _targets(account: str, source: str) -> list[str]:
    """The service's own currency first, then those the payee has money in."""
    wanted = [get_installation().currency, *payouts.list_currencies(account)]
    return [code for code in dict.fromkeys(wanted) if code != source]

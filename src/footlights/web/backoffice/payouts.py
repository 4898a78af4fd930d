"""Payouts: what waits for a second person, what went, what is held back and why."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from footlights.catalog import api as catalog
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.ledger.api import list_journal
from footlights.payouts import api as payouts
from footlights.payouts.api import Payout, PayoutState
from footlights.web.access import person_id_of
from footlights.web.paging import PER_PAGE, number_of, page_of


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = payouts.list_payouts(
        state=PayoutState(state) if state in set(PayoutState) else None,
        limit=PER_PAGE + 1,
        offset=(number_of(request) - 1) * PER_PAGE,
    )
    page = page_of(request, rows)
    context = {
        "section": "payouts",
        "states": list(PayoutState),
        "state": state,
        "page": page,
        "lines": _named(page.rows),
        "waiting": payouts.count_waiting(),
        "holds": [] if state else payouts.list_holds(),
    }
    return render(request, "backoffice/payouts.html", context)


@require_GET
def payout(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    found = payouts.get_payout(payout_id)
    channel_id = _channel_id_of(found)
    context = {
        "section": "payouts",
        "payout": found,
        "channel": catalog.list_channels([channel_id]).get(channel_id) if channel_id else None,
        "destination": payouts.find_destination(found.account),
        "standing": payouts.standing_of(found.account, found.amount.currency, now()),
        "entries": [entry for cause in payouts.causes_of(found.id) for entry in list_journal(cause)],
        "may_decide": found.state is PayoutState.WAITING,
    }
    return render(request, "backoffice/payout.html", context)


@require_POST
def approve(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    try:
        payouts.approve_payout(payout_id=payout_id, by_id=person_id_of(request), at=now())
    except payouts.OwnPayoutError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. It is on its way."))
    return redirect("backoffice:payout", payout_id)


@require_POST
def refuse(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    try:
        payouts.refuse_payout(
            payout_id=payout_id, by_id=person_id_of(request), reason=request.POST.get("reason", ""), at=now()
        )
    except (payouts.OwnPayoutError, InvalidInputError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Refused. The money is available to the creator again, with your reason."))
    return redirect("backoffice:payout", payout_id)


@require_POST
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    payouts.release_hold_by_hand(hold_id=hold_id, by_id=person_id_of(request), at=now())
    messages.success(request, _("Released. It can be paid out from now on."))
    return redirect("backoffice:payouts")


def _named(rows: Sequence[Payout]) -> list[dict[str, Any]]:
    channels = catalog.list_channels({owner_id for each in rows if (owner_id := _channel_id_of(each))})
    return [{"payout": each, "channel": channels.get(_channel_id_of(each))} for each in rows]


def _channel_id_of(payout: Payout) -> Any:
    kind, owner_id = payouts.owner_of(payout.account)
    return owner_id if kind == payouts.CREATOR else None

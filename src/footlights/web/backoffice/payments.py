"""Payments: find one; its whole story from the click to the entitlement; give the money back."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from footlights.accounts.api import Permission, list_masked_persons, search_persons
from footlights.catalog.api import list_titles
from footlights.invoicing.api import list_documents_about
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, InvalidInputError, NotFoundError
from footlights.kernel.money import parse_money
from footlights.monetization.api import (
    Entitlement,
    Purchase,
    explain_payment,
    list_purchases,
    may_watch,
    refund_purchase,
)
from footlights.payments.api import Payment, PaymentState, list_disputes, list_payments
from footlights.web.access import BackofficeRequest, person_id_of
from footlights.web.paging import PER_PAGE, asked_in, number_of, page_of
from footlights.web.sold import thing_of

BUYERS = 5  # of how many people whose address matches the payments are shown


@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    text, state = asked_in(request), request.GET.get("state", "")
    rows = find_payments(
        text,
        state=PaymentState(state) if state in set(PaymentState) else None,
        limit=PER_PAGE + 1,
        offset=(number_of(request) - 1) * PER_PAGE,
    )
    context = {"section": "payments", "states": list(PaymentState), "state": state, "text": text}
    return render(request, "backoffice/payments.html", context | {"page": page_of(request, rows)})


@require_GET
def payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    story = explain_payment(payment_id)
    purchase = story.purchase
    viewer = list_masked_persons([purchase.viewer_id]).get(purchase.viewer_id) if purchase else None
    context = {
        "section": "payments",
        "story": story,
        "disputes": list_disputes(payment_id=payment_id),
        "payment": story.payment,
        "documents": list_documents_about([story.payment.reference]),
        "viewer": viewer,
        "title": thing_of(purchase) if purchase else None,
        "decisions": _decisions(purchase, story.entitlements) if purchase else [],
        "may_refund": Permission.REFUND_PAYMENTS in cast("BackofficeRequest", request).may
        and purchase is not None
        and story.payment.state in {PaymentState.CAPTURED, PaymentState.FLAGGED},
        "refund_title": _("Give %(amount)s back to %(name)s?")
        % {"amount": story.payment.amount.format(get_language() or "en"), "name": viewer.name if viewer else "?"},
    }
    return render(request, "backoffice/payment.html", context)


def _decisions(purchase: Purchase, entitlements: Sequence[Entitlement]) -> list[dict[str, object]]:
    """What may be watched by now of what it was for: the title, or each that came with the collection or a ticket."""
    title_ids = [purchase.title_id] if purchase.title_id else [each.title_id for each in entitlements]
    names = list_titles(title_ids)
    return [
        {"title": names.get(title_id), "decision": may_watch(purchase.viewer_id, title_id, now())}
        for title_id in title_ids
    ]


@require_POST
def refund(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Give the money back and take the entitlement. A second click gives nothing twice: the key is the payment's."""
    purchase = explain_payment(payment_id).purchase
    if purchase is None:
        raise NotFoundError("This payment belongs to no purchase.")
    try:
        refund_purchase(
            purchase_id=purchase.id, by_id=person_id_of(request), idempotency_key=f"backoffice:{payment_id}", at=now()
        )
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The money goes back, and the right to watch is withdrawn."))
    return redirect("backoffice:payment", payment_id)


def find_payments(
    text: str, *, state: PaymentState | None = None, limit: int = PER_PAGE, offset: int = 0
) -> list[Payment]:
    """By id, reference or title; by an amount such as 4.00, in whatever currency; by the buyer's address."""
    if "@" in text:
        return _of_buyers(text, state, limit, offset)
    if found := list_payments(text=text, state=state, limit=limit, offset=offset):
        return found
    for exponent_of in ("EUR", "JPY", "KWD"):  # two, no and three digits after the point
        try:
            amount_minor = parse_money(text, exponent_of).amount_minor
        except InvalidInputError:
            continue
        if found := list_payments(amount_minor=amount_minor, state=state, limit=limit, offset=offset):
            return found
    return []


def _of_buyers(text: str, state: PaymentState | None, limit: int, offset: int) -> list[Payment]:
    purchases = [purchase for person in search_persons(text, limit=BUYERS) for purchase in list_purchases(person.id)]
    references = [f"purchase:{purchase.id}" for purchase in purchases]
    return list_payments(references=references, state=state, limit=limit, offset=offset) if references else []

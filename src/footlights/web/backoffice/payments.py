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
from footlights.web.backoffice.paid_for import find_paid_for
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
    paid_for = None if purchase else find_paid_for(story.payment)
    viewer = list_masked_persons([purchase.viewer_id]).get(purchase.viewer_id) if purchase else None
    context = {
        "section": "payments",
        "story": story,
        "paid_for": paid_for,
        "entries": paid_for.entries if paid_for else story.entries,
        "disputes": list_disputes(payment_id=payment_id),
        "payment": story.payment,
        "documents": paid_for.documents if paid_for else list_documents_about([story.payment.reference]),
        "viewer": viewer,
        "title": thing_of(purchase) if purchase else None,
        "decisions": _decisions(purchase, story.entitlements) if purchase else [],
        "may_refund": Permission.REFUND_PAYMENTS in cast("BackofficeRequest", request).may
        and (purchase is not None or paid_for is not None)
        and story.payment.state in {PaymentState.CAPTURED, PaymentState.FLAGGED},
        "refund_title": _("Give %(amount)s back?")
        % {"amount": (story.payment.charged_amount - story.payment.refunded).format(get_language() or "en")},
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
    """Give the money back and take what it paid for. A second click gives nothing twice: the key is the payment's."""
    story, by_id, at = explain_payment(payment_id), person_id_of(request), now()
    paid_for = None if story.purchase else find_paid_for(story.payment)
    if story.purchase is None and paid_for is None:
        raise NotFoundError("Nothing was bought with this payment.")
    try:
        if paid_for:
            paid_for.give_back(by_id, at)
        elif story.purchase:
            key = f"backoffice:{payment_id}"
            refund_purchase(purchase_id=story.purchase.id, by_id=by_id, idempotency_key=key, at=at)
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The money goes back, and what it paid for ends."))
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
    """What they paid themselves, and what was bought without an account and is theirs now."""
    buyers = [person.id for person in search_persons(text, limit=BUYERS)]
    if not buyers:
        return []
    references = [f"purchase:{purchase.id}" for buyer in buyers for purchase in list_purchases(buyer)]
    return list_payments(references=references, payer_ids=buyers, state=state, limit=limit, offset=offset)

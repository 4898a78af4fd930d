"""Write an invoice, and ask for its money. The invoice is written before anybody is asked."""

import uuid
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from footlights.catalog.api import get_channel
from footlights.kernel.money import Money
from footlights.payments.api import (
    MethodGoneError,
    Payment,
    PaymentState,
    charge_saved_method,
    find_default_method,
    find_payment_by_reference,
    open_payment,
    settle_payment,
)
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow, TermsRow
from footlights.subscriptions.operations.lowering import asked_for, borne_of, discount_on
from footlights.subscriptions.operations.moving import change
from footlights.subscriptions.operations.note_declined import note_declined
from footlights.subscriptions.operations.note_paid import note_paid
from footlights.subscriptions.operations.taxing import columns_of, note_who_owes, tax_of
from footlights.subscriptions.policies.periods import MONTHS, months_after
from footlights.subscriptions.records import AttemptState, Interval

NOTHING_CHARGED = frozenset({PaymentState.DECLINED, PaymentState.CANCELLED})


def bill_next(row: SubscriptionRow, at: datetime) -> InvoiceRow:
    """The period after the one that is over, in the terms chosen for it. Joins the transaction, which holds the row.

    A period that would be over already (nobody was here for so long) begins now instead: nobody pays for the past.
    """
    terms = row.next_terms or row.terms
    months = row.anchor_months + MONTHS[Interval(terms.interval)]
    start, anchor = row.period_end, row.anchor_at or row.period_end
    if start is None or anchor is None or months_after(anchor, months) <= at:
        return bill_from(row, terms, start=at, at=at)
    return _write(row, terms, (start, anchor, months), at)


def bill_from(
    row: SubscriptionRow, terms: TermsRow, *, start: datetime, at: datetime, credit: Money | None = None
) -> InvoiceRow:
    """A period that begins anew at `start`: the first, one after a pause, or (with a credit) of a changed plan."""
    return _write(row, terms, (start, start, MONTHS[Interval(terms.interval)]), at, credit)


def ask_for(invoice: InvoiceRow, *, by_page: bool, at: datetime) -> AttemptRow:
    """Write down that its money is asked for. Joins the caller's transaction; `send` is called after it."""
    number = invoice.attempts.count() + 1
    return AttemptRow.objects.create(invoice=invoice, number=number, by_page=by_page, created_at=at)


def send(attempt_id: uuid.UUID, at: datetime) -> Payment | None:
    """Ask for the money, once however often it is called. Call outside a transaction.

    What the answer says is applied at once; one that comes later comes as an event. None when there was no card to ask.
    Raises GatewayUnreachableError (of a page that could not be opened) and PaymentsClosedError; both may be repeated.
    """
    attempt = AttemptRow.objects.select_related("invoice__subscription", "invoice__terms__plan").get(pk=attempt_id)
    if attempt.state != AttemptState.UNDECIDED or attempt.payment_id:
        return None
    payment = _open_page(attempt, at) if attempt.by_page else _charge(attempt, at)
    if payment is None:
        return None
    AttemptRow.objects.filter(pk=attempt_id).update(payment_id=payment.id)
    if payment.state is PaymentState.CAPTURED:
        note_paid(attempt_id=attempt_id, payment_id=payment.id, at=at)
    elif payment.state in NOTHING_CHARGED:
        note_declined(attempt_id=attempt_id, reason=payment.reason, at=at)
    return payment


def _open_page(attempt: AttemptRow, at: datetime) -> Payment:
    row = attempt.invoice.subscription
    payment = open_payment(
        reference=attempt.reference,
        amount=attempt.invoice.amount,
        description=_description(attempt.invoice),
        return_path=f"/memberships/{row.pk}",
        idempotency_key=attempt.reference,
        at=at,
        payer_id=row.subscriber_id,
        save_method=True,
    )
    change(row, hosted_url=payment.hosted_url)
    return payment


def _charge(attempt: AttemptRow, at: datetime) -> Payment | None:
    row = attempt.invoice.subscription
    if asked := find_payment_by_reference(attempt.reference):  # we died before we noted it; the card may be another now
        return settle_payment(payment_id=asked.id, at=at)
    method = find_default_method(row.subscriber_id)
    try:
        if method is not None:
            return charge_saved_method(
                method_id=method.id,
                reference=attempt.reference,
                amount=attempt.invoice.amount,
                description=_description(attempt.invoice),
                idempotency_key=attempt.reference,
                at=at,
            )
    except MethodGoneError:
        pass  # forgotten a blink ago: as if there were none
    note_declined(attempt_id=attempt.pk, reason=_("There is no card."), at=at)
    return None


def _description(invoice: InvoiceRow) -> str:
    """What is paid for, which may be another plan than the one they have until now."""
    return f"{get_channel(invoice.subscription.channel_id).name}: {invoice.terms.plan.name}"


def _write(
    row: SubscriptionRow,
    terms: TermsRow,
    period: tuple[datetime, datetime, int],
    at: datetime,
    credit: Money | None = None,
) -> InvoiceRow:
    start, anchor, months = period
    is_change = credit is not None
    discount = discount_on(row, terms, is_change=is_change, at=at)
    price = asked_for(row, terms, is_change=is_change)[0] - discount
    owed = price if credit is None else price - credit
    last = row.invoices.aggregate(last=Max("number"))["last"] or 0
    invoice = InvoiceRow.objects.create(
        subscription=row,
        number=last + 1,
        terms=terms,
        period_start=start,
        period_end=months_after(anchor, months),
        anchor_at=anchor,
        anchor_months=months,
        price_minor=price.amount_minor,
        discount_minor=discount.amount_minor,
        borne_minor=borne_of(row, owed=owed, discount=discount, at=at).amount_minor,
        credit_minor=credit.amount_minor if credit else 0,
        currency=price.currency,
        is_change=is_change,
        created_at=at,
        **columns_of(tax_of(row, owed, at)),
    )
    note_who_owes(row, invoice, at)
    return invoice

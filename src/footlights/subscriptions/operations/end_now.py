"""A seller ends a subscription at once, and gives the unused part of what was paid back."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.payments.api import refund_payment
from footlights.subscriptions.errors import NotNowError
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.leave import is_being_charged
from footlights.subscriptions.operations.membership import end
from footlights.subscriptions.operations.moving import lock
from footlights.subscriptions.operations.note_declined import void
from footlights.subscriptions.policies.changes import credit_of
from footlights.subscriptions.policies.states import BELONGS
from footlights.subscriptions.records import AttemptState, InvoiceState


def quote_end(*, subscription_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> Money | None:
    """What `end_now` would give back at that moment. Changes nothing. Raises NotFoundError, also to strangers."""
    _require_theirs(subscription_id, by_id)
    row = SubscriptionRow.objects.get(pk=subscription_id)
    invoice = _current(row)
    return (_rest_of(invoice, row.ended_at or at) or None) if invoice else None


def end_now(*, subscription_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> Money | None:
    """Nobody is a member by it any more; returns what goes back, None when nothing was paid or is left.

    Call outside a transaction; safe to repeat. A refund the gateway does not answer now is finished by the sweep of
    payments. Raises NotFoundError (also to strangers) and NotNowError while a charge is on its way.
    """
    _require_theirs(subscription_id, by_id)
    with transaction.atomic(durable=True):
        row = lock(subscription_id)
        if is_being_charged(row):
            raise NotNowError(_("A payment is on its way. Try again in a moment."))
        if row.state in BELONGS:
            for owed in InvoiceRow.objects.filter(subscription=row, state=InvoiceState.OPEN):
                void(owed)
            end(row, "refunded", at)
        invoice = _current(row)
        back = _rest_of(invoice, row.ended_at or at) if invoice else None
    if invoice is None or not back:
        return None
    paid = AttemptRow.objects.get(invoice=invoice, state=AttemptState.PAID)
    assert paid.payment_id  # noqa: S101  it was paid
    refund_payment(payment_id=paid.payment_id, idempotency_key=f"ended:{row.pk}", amount=back, at=at)
    return back


def _require_theirs(subscription_id: uuid.UUID, by_id: uuid.UUID) -> None:
    found = SubscriptionRow.objects.filter(pk=subscription_id).first()
    if found is None or not may(by_id, Permission.REFUND_SALES, found.channel_id):
        raise NotFoundError("There is no such subscription.")


def _current(row: SubscriptionRow) -> InvoiceRow | None:
    """The period that runs now, or was the last when it ended."""
    return row.invoices.filter(state=InvoiceState.PAID, closed_at=None).order_by("-number").first()


def _rest_of(invoice: InvoiceRow, at: datetime) -> Money:
    """What is left of the period, and never more than what was paid for it in money and has not gone back."""
    rest = credit_of(invoice.paid, at).amount_minor
    return Money(min(rest, invoice.amount_minor - invoice.refunded_minor), invoice.currency)

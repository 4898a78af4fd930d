"""Go to another tier, or from months to years."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.prices.api import Buyer
from footlights.subscriptions.errors import CardDeclinedError, NotNowError, TermsChangedError
from footlights.subscriptions.models import AttemptRow, SubscriptionRow, TermsRow
from footlights.subscriptions.operations.billing import ask_for, bill_from, send
from footlights.subscriptions.operations.leave import is_being_charged
from footlights.subscriptions.operations.local_terms import terms_for
from footlights.subscriptions.operations.lowering import discount_on
from footlights.subscriptions.operations.moving import change, lock_own
from footlights.subscriptions.operations.taxing import tax_of
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies import changes
from footlights.subscriptions.records import AttemptState, Change, InvoiceState, State, Subscription

CHANGEABLE = frozenset({State.ACTIVE, State.TRIALING})


def quote_change(*, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, terms_id: uuid.UUID, at: datetime) -> Change:
    """What it would mean now, for the page. Charges nothing. Raises NotFoundError, NotNowError, TermsChangedError."""
    row = SubscriptionRow.objects.filter(pk=subscription_id, subscriber_id=subscriber_id).first()
    if row is None:
        raise NotFoundError("There is no such subscription.")
    return _quote(row, _local(row, _offered(row, terms_id)), at)


def change_plan(
    *, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, terms_id: uuid.UUID, due: Money, at: datetime
) -> Subscription:
    """Agree to what `quote_change` showed: `due` is what it said is to pay now.

    More is charged now, and begins once it is paid; less begins after this period. Call outside a transaction. Safe to
    repeat: what one has already is not charged again. Raises TermsChangedError when it would cost something else by now
    (nothing is charged), CardDeclinedError (nothing has changed), NotFoundError, NotNowError.
    """
    with transaction.atomic(durable=True):
        row = lock_own(subscription_id, subscriber_id)
        if _has(row) == terms_id:  # stay with it after all
            change(row, next_terms=None)
            return row.to_record()
        attempt = _agree(row, _local(row, _offered(row, terms_id)), due, at)
    if attempt is not None:
        _charge(attempt, at)
    row.refresh_from_db()
    return row.to_record()


def _offered(row: SubscriptionRow, terms_id: uuid.UUID) -> TermsRow:
    terms = TermsRow.objects.select_related("plan").filter(pk=terms_id, plan__channel_id=row.channel_id).first()
    if terms is None:
        raise NotFoundError("There is no such plan.")
    if terms.pk != _has(row) and (terms.withdrawn_at or terms.plan.withdrawn_at):
        raise TermsChangedError(_("This is not offered any more. Nothing was charged."))
    return terms


def _has(row: SubscriptionRow) -> uuid.UUID:
    """The plan's terms they have, in whatever currency."""
    return row.terms.local_of_id or row.terms_id


def _local(row: SubscriptionRow, to: TermsRow) -> TermsRow:
    """In the currency that this subscription is paid in, as its terms are: it never changes."""
    local = terms_for(to, Buyer(row.country, row.terms.currency))
    if row.terms.local_of_id is None and to.currency == row.terms.currency:
        return to
    if local.currency != row.terms.currency:
        raise NotNowError(_("That membership is not offered in the currency you pay in."))
    return local


def _quote(row: SubscriptionRow, to: TermsRow, at: datetime) -> Change:
    if row.state not in CHANGEABLE or is_being_charged(row):
        raise NotNowError(_("This cannot be changed now: a payment is open, or the membership is to end."))
    current = row.invoices.filter(state=InvoiceState.PAID, closed_at=None).order_by("-number").first()
    paid = current.paid if current and current.period_end > at else None
    discount = discount_on(row, to, is_change=True, at=at)
    wanted = replace(to.to_record(), price=to.price - discount)
    plan = changes.plan_change(
        tier=row.plan.tier, terms=row.terms.to_record(), to_tier=to.plan.tier, to=wanted, paid=paid, at=at
    )
    return replace(plan, due=tax_of(row, plan.due, at).gross, discount=discount or None) if plan.is_now else plan


def _agree(row: SubscriptionRow, to: TermsRow, due: Money, at: datetime) -> AttemptRow | None:
    plan = _quote(row, to, at)
    if plan.due != due:
        raise TermsChangedError(_("What is to pay has changed since you saw it. Nothing was charged."))
    tell(Act.SUBSCRIPTION_CHANGED, row, actor_id=row.subscriber_id, to=to.plan.name)
    if not plan.is_now:
        change(row, next_terms=to)
        return None
    change(row, due_at=None)
    return ask_for(bill_from(row, to, start=at, at=at, credit=plan.credit), by_page=False, at=at)


def _charge(attempt: AttemptRow, at: datetime) -> None:
    send(attempt.pk, at)
    attempt.refresh_from_db()
    if attempt.state == AttemptState.DECLINED:
        raise CardDeclinedError(attempt.reason or _("The card was declined."))

"""Bounded reads of plans and subscriptions."""

import uuid
from dataclasses import replace

from django.db.models import F, QuerySet, Sum

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.payments.api import list_disputes, list_refunds
from footlights.prices.api import AT_HOME, Buyer, prices_for
from footlights.subscriptions.causes import (
    paid_cause,
    refund_cause,
    refund_failed_cause,
    unneeded_cause,
    unneeded_refund_cause,
)
from footlights.subscriptions.models import IS_OFFERED, AttemptRow, InvoiceRow, PlanRow, SubscriptionRow, TermsRow
from footlights.subscriptions.models.subscriptions import IS_LIVING
from footlights.subscriptions.policies.local import asked_at_home, asking, subject_of
from footlights.subscriptions.records import Invoice, InvoiceState, PaidPeriod, Plan, State, Subscription, Terms

PLANS_MAX = 20
LIST_MAX = 200


def list_plans(channel_id: uuid.UUID, buyer: Buyer = AT_HOME) -> list[Plan]:
    """The tiers a channel offers, the lowest first, as this buyer is asked for them; two queries, or three abroad."""
    rows = PlanRow.objects.filter(IS_OFFERED, channel_id=channel_id).order_by("tier").prefetch_related("terms")
    return _for_buyer([row.to_record() for row in rows[:PLANS_MAX]], buyer)


def get_plan(plan_id: uuid.UUID, buyer: Buyer = AT_HOME) -> Plan:
    """Raises NotFoundError."""
    row = PlanRow.objects.filter(pk=plan_id).prefetch_related("terms").first()
    if row is None:
        raise NotFoundError("There is no such plan.")
    return _for_buyer([row.to_record()], buyer)[0]


def _for_buyer(plans: list[Plan], buyer: Buyer) -> list[Plan]:
    asked = prices_for({subject_of(each.id): asked_at_home(each) for plan in plans for each in plan.terms}, buyer)
    return [
        replace(plan, terms=tuple(asking(each, asked[subject_of(each.id)]) for each in plan.terms)) for plan in plans
    ]


def get_terms(terms_id: uuid.UUID) -> Terms:
    """Raises NotFoundError."""
    row = TermsRow.objects.filter(pk=terms_id).first()
    if row is None:
        raise NotFoundError("There are no such terms.")
    return row.to_record()


def is_held(own: Subscription) -> bool:
    """Whether a bank is asked for what was paid for it: until it has decided, it opens nothing and is not renewed."""
    return monetization.is_held(f"subscription:{own.id}")


def get_subscription(subscription_id: uuid.UUID, subscriber_id: uuid.UUID | None = None) -> Subscription:
    """With a `subscriber_id` only theirs. Raises NotFoundError."""
    rows = _full(SubscriptionRow.objects.filter(pk=subscription_id))
    row = (rows.filter(subscriber_id=subscriber_id) if subscriber_id else rows).first()
    if row is None:
        raise NotFoundError("There is no such subscription.")
    return row.to_record()


def find_paid_by(payment_id: uuid.UUID) -> Subscription | None:
    """The subscription of which that payment paid a period."""
    row = _full(SubscriptionRow.objects.filter(invoices__attempts__payment_id=payment_id)).first()
    return row.to_record() if row else None


def explain_period(payment_id: uuid.UUID) -> PaidPeriod | None:
    """What that payment paid, and under which names it is in the books; None for one of something else."""
    attempt = AttemptRow.objects.select_related("invoice__terms").filter(payment_id=payment_id).first()
    if attempt is None:
        return None
    invoice = attempt.invoice
    went_back = [each.id for each in list_refunds(payment_id)]
    went_back += [each.id for each in list_disputes(payment_id=payment_id)]
    names = [paid_cause(invoice.pk), unneeded_cause(attempt.pk), unneeded_refund_cause(attempt.pk)]
    for each in went_back:
        names += [refund_cause(invoice.pk, each), refund_failed_cause(invoice.pk, each)]
    return PaidPeriod(
        subscription=get_subscription(invoice.subscription_id),
        invoice=invoice.to_record(),
        is_unneeded=attempt.is_unneeded,
        causes=tuple(names),
    )


def find_living(subscriber_id: uuid.UUID, channel_id: uuid.UUID) -> Subscription | None:
    """Their subscription of this channel that has not ended, if there is one."""
    row = _full(SubscriptionRow.objects.filter(IS_LIVING, subscriber_id=subscriber_id, channel_id=channel_id)).first()
    return row.to_record() if row else None


def list_subscriptions(subscriber_id: uuid.UUID) -> list[Subscription]:
    """Those that began, or are about to: living first, then the newest; at most 200."""
    rows = _full(SubscriptionRow.objects.filter(subscriber_id=subscriber_id)).exclude(
        state=State.ENDED, began_at__isnull=True
    )
    found = [row.to_record() for row in rows.order_by("-created_at")[:LIST_MAX]]
    return sorted(found, key=lambda each: each.state is State.ENDED)


def list_members(channel_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[Subscription]:
    """Of a channel, those that began and have not ended, the newest first."""
    rows = _full(SubscriptionRow.objects.filter(channel_id=channel_id, began_at__isnull=False))
    rows = rows.exclude(state=State.ENDED).order_by("-began_at", "-pk")
    return [row.to_record() for row in rows[offset : offset + min(limit, LIST_MAX)]]


def list_invoices(subscription_id: uuid.UUID) -> list[Invoice]:
    """The newest first, those given up left out; at most 200."""
    rows = InvoiceRow.objects.filter(subscription_id=subscription_id).exclude(state=InvoiceState.VOID)
    return [row.to_record() for row in rows.select_related("terms").order_by("-number")[:LIST_MAX]]


def borne_with(coupon_id: uuid.UUID) -> list[Money]:
    """What the platform put in for one of its coupons at periods that were paid, by currency."""
    rows = InvoiceRow.objects.filter(subscription__coupon_id=coupon_id, paid_at__isnull=False, borne_minor__gt=0)
    again = F("borne_minor") * F("refunded_minor") / F("amount_minor")
    sums = rows.values("currency").annotate(put_in=Sum(F("borne_minor") - again)).order_by("currency")
    return [Money(int(each["put_in"]), each["currency"]) for each in sums]


def may_try(subscriber_id: uuid.UUID, channel_id: uuid.UUID) -> bool:
    """A trial is for who never belonged to the channel."""
    return not SubscriptionRow.objects.filter(
        subscriber_id=subscriber_id, channel_id=channel_id, began_at__isnull=False
    ).exists()


def paid_periods_of(subscriber_id: uuid.UUID, channel_id: uuid.UUID) -> int:
    """How many periods of the channel they have paid, ever: the first may be cheaper, once."""
    return InvoiceRow.objects.filter(
        subscription__subscriber_id=subscriber_id, subscription__channel_id=channel_id, paid_at__isnull=False
    ).count()


def _full(rows: QuerySet[SubscriptionRow]) -> QuerySet[SubscriptionRow]:
    return rows.select_related("plan", "terms", "next_terms").prefetch_related("plan__terms")

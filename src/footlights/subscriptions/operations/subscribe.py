"""Become a member."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.payments.api import PaymentState, cancel_payment, open_method_setup, settle_payment
from footlights.prices.api import Buyer
from footlights.subscriptions.errors import AlreadySubscribedError, TermsChangedError
from footlights.subscriptions.models import AttemptRow, SubscriptionRow, TermsRow
from footlights.subscriptions.models.subscriptions import IS_LIVING
from footlights.subscriptions.operations.billing import NOTHING_CHARGED, ask_for, bill_from, send
from footlights.subscriptions.operations.local_terms import terms_for
from footlights.subscriptions.operations.lowering import Lowering, find_lowering, lapse, reserve
from footlights.subscriptions.operations.moving import change, lock
from footlights.subscriptions.operations.note_declined import note_declined
from footlights.subscriptions.operations.note_paid import note_paid
from footlights.subscriptions.operations.require_offered import require_offered
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.queries import may_try, paid_periods_of
from footlights.subscriptions.records import State, Subscription
from footlights.taxes.api import Evidence, needs_postcode, note_evidence

SETUP_LASTS = timedelta(days=1)


def subscribe(
    *,
    subscriber_id: uuid.UUID,
    terms_id: uuid.UUID,
    idempotency_key: str,
    at: datetime,
    country: str = "",
    region: str = "",
    business_number: str = "",
    currency: str = "",
    coupon: str = "",
    shown: Money | None = None,
) -> Subscription:
    """Begin a subscription by the hosted page it names: of the first payment or, where that is free, of a card to keep.

    It is paid in the currency of `country`, or in the chosen `currency`, for as long as it lasts; its tax is that of
    `country` and `region`, which a business there (`business_number`) may owe itself. Call outside a
    transaction. The same key is the same subscription; with other terms it raises IdempotencyConflictError. One has one
    subscription of a channel at most, so a second tab comes to the same page; other terms close the first page before a
    new one opens. The use of a `coupon` is reserved with it, until it begins or is given up. Raises NotFoundError,
    TermsChangedError (not offered any more, or for another price than `shown`), CouponRefusedError,
    AlreadySubscribedError, GatewayUnreachableError (nothing was charged; repeat), PaymentsClosedError.
    """
    repeated = SubscriptionRow.objects.filter(subscriber_id=subscriber_id, idempotency_key=idempotency_key).first()
    if repeated:
        if (repeated.terms.local_of_id or repeated.terms_id) != terms_id:
            raise IdempotencyConflictError(_("This was begun for another membership. Load the page again."))
        return _lead_to_page(repeated, at)
    where = {"country": country, "region": region, "business_number": business_number}
    terms = terms_for(require_offered(terms_id), Buyer(country, currency))
    if shown is not None and terms.price != shown:
        raise TermsChangedError(_("The price has changed since you saw it. Nothing was charged."))
    living = SubscriptionRow.objects.filter(
        IS_LIVING, subscriber_id=subscriber_id, channel_id=terms.plan.channel_id
    ).first()
    if living is not None and living.state != State.PENDING:
        raise AlreadySubscribedError(_("You are a member already. Nothing was charged."))
    lowering = find_lowering(subscriber_id, terms, coupon, at)
    if living is not None and not _is_out_of_the_way(living, terms, _wanted(where, lowering), at):
        return _lead_to_page(living, at)
    return _lead_to_page(_begin(subscriber_id, terms, idempotency_key, where, lowering, at), at)


def _wanted(where: dict[str, str], lowering: Lowering | None) -> dict[str, object]:
    """What a subscription was begun with, besides its terms."""
    return {**where, "coupon_id": lowering.coupon.id if lowering else None}


def _begin(
    subscriber_id: uuid.UUID,
    terms: TermsRow,
    key: str,
    where: dict[str, str],
    lowering: Lowering | None,
    at: datetime,
) -> SubscriptionRow:
    channel_id = terms.plan.channel_id
    is_trial = terms.trial_days > 0 and may_try(subscriber_id, channel_id)
    is_free = is_trial or (lowering is not None and lowering.free_months > 0)
    try:
        with transaction.atomic(durable=True):
            row = SubscriptionRow.objects.create(
                subscriber_id=subscriber_id,
                idempotency_key=key,
                channel_id=channel_id,
                **where,
                **(lowering.columns if lowering else {}),
                plan=terms.plan,
                terms=terms,
                paid_periods=paid_periods_of(subscriber_id, channel_id),
                created_at=at,
                due_at=at + SETUP_LASTS if is_free else None,
            )
            tell(Act.SUBSCRIPTION_BEGUN, row, actor_id=subscriber_id)
            if needs_postcode(row.country):
                where_they_are = Evidence(billing=row.country, postcode=row.region)
                note_evidence(reference=row.cause, evidence=where_they_are, at=at)
            if lowering is not None:
                reserve(row, lowering, at)
            if not is_free:
                ask_for(bill_from(row, terms, start=at, at=at), by_page=True, at=at)
    except IntegrityError as error:  # the other click, or the other tab, was faster by a blink
        row = SubscriptionRow.objects.filter(subscriber_id=subscriber_id, channel_id=channel_id).latest("created_at")
        if (row.terms_id, row.coupon_id) != (terms.pk, lowering and lowering.coupon.id):
            raise IdempotencyConflictError(_("Another membership has just begun. Load the page again.")) from error
    return row


def _lead_to_page(row: SubscriptionRow, at: datetime) -> Subscription:
    """Open the page unless that is done; however often, it is one."""
    if row.state == State.PENDING and not row.hosted_url:
        attempt = AttemptRow.objects.filter(invoice__subscription=row).first()
        if attempt is not None:
            send(attempt.pk, at)
            row.refresh_from_db()
        else:
            key = f"subscription:{row.pk}"
            setup = open_method_setup(
                payer_id=row.subscriber_id, return_path=f"/memberships/{row.pk}", idempotency_key=key, at=at
            )
            change(row, setup_id=setup.id, hosted_url=setup.hosted_url)
    return row.to_record()


def _is_out_of_the_way(begun: SubscriptionRow, terms: TermsRow, wanted: dict[str, object], at: datetime) -> bool:
    """Whether a new one may begin: the one begun before was not paid, and now never will be."""
    is_same = begun.terms_id == terms.pk and wanted == {name: getattr(begun, name) for name in wanted}
    attempt = AttemptRow.objects.filter(invoice__subscription=begun).first()
    if attempt is None:
        return not is_same and _lapse(begun, at)
    if attempt.payment_id is None:
        if is_same:
            return False
        send(attempt.pk, at)
        attempt.refresh_from_db()
    assert attempt.payment_id  # noqa: S101  it was just opened
    ask = settle_payment if is_same else cancel_payment
    payment = ask(payment_id=attempt.payment_id, at=at)
    if payment.state in NOTHING_CHARGED:
        note_declined(attempt_id=attempt.pk, reason=payment.reason, at=at)
        return True
    if payment.state is PaymentState.CAPTURED:
        note_paid(attempt_id=attempt.pk, payment_id=payment.id, at=at)
        begun.refresh_from_db()
    return False


def _lapse(begun: SubscriptionRow, at: datetime) -> bool:
    with transaction.atomic():
        row = lock(begun.pk)
        if row.state != State.PENDING:
            return False
        lapse(row, at)
    return True

"""What it means to join, before anybody does."""

import uuid
from datetime import datetime

from footlights.kernel.money import Money
from footlights.prices.api import Buyer
from footlights.subscriptions.operations.local_terms import terms_for
from footlights.subscriptions.operations.lowering import find_lowering, home_of, taken_off
from footlights.subscriptions.operations.require_offered import require_offered
from footlights.subscriptions.policies.changes import price_of_period
from footlights.subscriptions.queries import may_try, paid_periods_of
from footlights.subscriptions.records import Joining


def quote_join(
    *, subscriber_id: uuid.UUID, terms_id: uuid.UUID, buyer: Buyer, coupon: str = "", at: datetime
) -> Joining:
    """What is free, what the first payment is, and what a coupon takes off. Charges and reserves nothing.

    Raises NotFoundError, TermsChangedError, CouponRefusedError.
    """
    terms = terms_for(require_offered(terms_id), buyer)
    own, channel_id = terms.to_record(), terms.plan.channel_id
    number = paid_periods_of(subscriber_id, channel_id) + 1
    asked, home = price_of_period(own, number=number), price_of_period(home_of(terms), number=number)
    trial_days = own.trial_days if may_try(subscriber_id, channel_id) else 0
    found = find_lowering(subscriber_id, terms, coupon, at)
    if found is None or found.free_months:
        off = Money(0, asked.currency)
    else:
        off = taken_off(found.coupon, terms, asked, home, at)
    return Joining(
        trial_days=trial_days,
        free_months=found.free_months if found else 0,
        asked=asked,
        discount=off,
        coupon=found.use.code if found else "",
        periods=found.coupon.periods if found else None,
    )

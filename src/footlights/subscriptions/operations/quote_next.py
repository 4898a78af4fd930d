"""What the next payment of a membership will be."""

import uuid
from datetime import datetime

from footlights.kernel.money import Money
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.operations.lowering import asked_for, discount_on
from footlights.subscriptions.operations.taxing import tax_of


def quote_next(subscription_id: uuid.UUID, at: datetime) -> Money:
    """With its tax, less a coupon, in the terms chosen for the next period; changes nothing."""
    row = SubscriptionRow.objects.select_related("next_terms__local_of", "terms__local_of").get(pk=subscription_id)
    terms = row.next_terms or row.terms
    price = asked_for(row, terms, is_change=False)[0] - discount_on(row, terms, is_change=False, at=at)
    return tax_of(row, price, at).gross

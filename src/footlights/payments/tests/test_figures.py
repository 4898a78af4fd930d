"""What the house trades by the day."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import CheckoutStatus
from footlights.payments.api import count_payers, refund_payment, settle_payment, trade_by_day
from footlights.payments.models import PaymentRow
from footlights.payments.testing import make_dispute
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def paid(gateway, reference, *, payer_id=None, days_ago=0):
    opened = ask(reference=reference, idempotency_key=reference, payer_id=payer_id)
    gateway.decide(opened.gateway_ref, CheckoutStatus.PAID)
    settle_payment(payment_id=opened.id, at=now() - days_ago * DAY)
    return opened


def test_a_day_counts_what_came_that_day_and_what_went_back_on_it(gateway):
    today = now().date()
    viewer = make_person().pk
    before = paid(gateway, "purchase:a", payer_id=viewer, days_ago=1)
    paid(gateway, "purchase:b", payer_id=viewer)
    paid(gateway, "purchase:c")
    ask(reference="purchase:unpaid", idempotency_key="unpaid")
    refund_payment(payment_id=before.id, idempotency_key="whole", at=now())
    make_dispute(PaymentRow.objects.get(reference="purchase:b").pk)
    yesterday, this_day = trade_by_day("EUR", today - DAY, today)
    amount = before.amount
    assert (yesterday.captured, yesterday.refunded, yesterday.payments) == (amount, Money(0, "EUR"), 1)
    assert (this_day.captured, this_day.refunded, this_day.payments) == (amount + amount, amount, 2)
    assert (yesterday.disputes, this_day.disputes) == (0, 1)
    assert count_payers("EUR", today - DAY, today) == 2
    assert count_payers("EUR", today, today) == 2
    assert [each.payments for each in trade_by_day("USD", today, today)] == [0]

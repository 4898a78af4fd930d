"""A permission that our keys lack is told as that, by name: not as a gateway that is down."""

import pytest

from footlights.audit.api import Act
from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.payments import jobs
from footlights.payments.api import GatewayForbiddenError, PaymentState, list_lacks, list_payment_events, settle_payment
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db


def test_the_trail_is_told_what_a_gateway_in_use_does_not_let_us_do(gateway) -> None:
    ask()
    jobs.ask_for_permissions.func(timestamp=0)
    assert not recorded(Act.GATEWAY_FORBIDS)
    gateway.lacks = ("Payouts",)
    assert list_lacks() == ("Payouts",)
    jobs.ask_for_permissions.func(timestamp=0)
    [told] = recorded(Act.GATEWAY_FORBIDS)
    assert (told.object_id, (told.after or {})["lacks"]) == (gateway.name, ["Payouts"])


def test_a_payments_story_says_that_a_permission_is_missing(gateway, monkeypatch) -> None:
    payment = ask()

    def forbid(_ref: str) -> None:
        raise GatewayForbiddenError("PayPal does not let our app do this (NOT_AUTHORIZED): /v2/checkout")

    monkeypatch.setattr(gateway, "fetch_checkout", forbid)
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.UNKNOWN
    assert "NOT_AUTHORIZED" in list_payment_events(payment.id)[-1].detail

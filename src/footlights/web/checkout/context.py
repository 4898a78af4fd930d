"""What every page may say about payments."""

from django.http import HttpRequest

from footlights.payments.api import can_be_paid, takes_test_money


def payments(request: HttpRequest) -> dict[str, bool]:  # noqa: ARG001  Django passes it
    """`test_payments`: no money moves. `payments_closed`: nothing can be bought at all."""
    return {"test_payments": takes_test_money(), "payments_closed": not can_be_paid()}

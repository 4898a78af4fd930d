"""Put a payment to its gateway: the hosted page for the buyer, or the charge of what they let it keep."""

from datetime import datetime

from footlights.payments.adapters.gateway import Checkout, CheckoutStatus, Order
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError
from footlights.payments.models import PaymentRow
from footlights.payments.operations.customers import customer_of
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.operations.story import tell


def ask_gateway(payment: PaymentRow, at: datetime) -> None:
    """Ask, or ask again: the payment's id is the key the gateway remembers. Call outside a transaction.

    What the gateway will not do is declined. Raises GatewayUnreachableError, GatewayRefusedError.
    """
    gateway = gateway_named(payment.gateway)
    try:
        order = _order(payment)
        checkout = gateway.charge(order) if payment.method_id else gateway.open_checkout(order)
    except GatewayUnreachableError:
        tell(payment, at, "no_answer", "The gateway did not answer when it was asked for the money.")
        raise
    except GatewayRefusedError as error:
        nothing = Checkout("", str(payment.id), "", CheckoutStatus.DECLINED, payment.amount, reason=str(error))
        record_truth(payment_id=payment.id, checkout=nothing, at=at)
        raise
    record_truth(payment_id=payment.id, checkout=checkout, at=at)


def find_at_gateway(payment: PaymentRow, at: datetime) -> bool:
    """Learn what became of a payment whose first answer was lost. False when the gateway knows nothing of it.

    Call outside a transaction. Raises GatewayUnreachableError.
    """
    checkout = gateway_named(payment.gateway).find_checkout(_order(payment))
    if checkout is None:
        return False
    tell(payment, at, "fetched", f"Found at the gateway: {checkout.status}.")
    record_truth(payment_id=payment.id, checkout=checkout, at=at)
    return True


def _order(payment: PaymentRow) -> Order:
    if payment.saves_method and payment.payer_id and not payment.customer_ref:
        payment.customer_ref = customer_of(payment.payer_id, gateway_named(payment.gateway))
        PaymentRow.objects.filter(pk=payment.pk).update(customer_ref=payment.customer_ref)
    return Order(
        reference=str(payment.id),
        amount=payment.amount,
        description=payment.description,
        return_path=payment.return_path,
        customer_ref=payment.customer_ref,
        saves_method=payment.saves_method,
        method_ref=payment.method.gateway_ref if payment.method else "",
    )

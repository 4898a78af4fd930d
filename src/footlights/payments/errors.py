"""What can go wrong with a payment."""

from footlights.kernel.errors import FootlightsError


class PaymentError(FootlightsError):
    code = "payment"


class GatewayUnreachableError(PaymentError):
    """The gateway did not answer. Whether it did what was asked is unknown; asking again with the same key is safe."""

    code = "gateway_unreachable"


class GatewayForbiddenError(GatewayUnreachableError):
    """The gateway does not let our keys do this. A person gives them the permission; until then nothing is decided."""

    code = "gateway_forbidden"


class GatewayRefusedError(PaymentError):
    """The gateway answered that it will not do this."""

    code = "gateway_refused"


class PaymentsClosedError(PaymentError):
    """Nothing can be paid here: only test payments are set up, and this address is a public one."""

    code = "payments_closed"


class WebhookRefusedError(PaymentError):
    """The webhook is forged, altered or too old. Nothing of it is kept."""

    code = "webhook_refused"


class NothingToRefundError(PaymentError):
    """There is no captured money to give back."""

    code = "nothing_to_refund"


class RefundTooLargeError(PaymentError):
    """More would go back than is left of what was charged."""

    code = "refund_too_large"


class DisputeClosedError(PaymentError):
    """The bank has decided, or the time to answer is over."""

    code = "dispute_closed"


class DestinationNotReadyError(PaymentError):
    """Its holder has not told the gateway everything it needs."""

    code = "destination_not_ready"


class MethodGoneError(PaymentError):
    """The way of paying is not kept any more."""

    code = "method_gone"

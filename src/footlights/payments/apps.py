from footlights.kernel.contexts import ContextConfig


class PaymentsConfig(ContextConfig):
    name = "footlights.payments"

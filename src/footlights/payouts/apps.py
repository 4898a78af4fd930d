from footlights.kernel.contexts import ContextConfig


class PayoutsConfig(ContextConfig):
    name = "footlights.payouts"

from footlights.kernel.contexts import ContextConfig


class MonetizationConfig(ContextConfig):
    name = "footlights.monetization"

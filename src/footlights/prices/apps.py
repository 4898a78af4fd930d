from footlights.kernel.contexts import ContextConfig


class PricesConfig(ContextConfig):
    name = "footlights.prices"

from footlights.kernel.contexts import ContextConfig


class SellersConfig(ContextConfig):
    name = "footlights.sellers"

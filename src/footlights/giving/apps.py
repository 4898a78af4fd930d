from footlights.kernel.contexts import ContextConfig


class GivingConfig(ContextConfig):
    name = "footlights.giving"

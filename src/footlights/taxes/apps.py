from footlights.kernel.contexts import ContextConfig


class TaxesConfig(ContextConfig):
    name = "footlights.taxes"

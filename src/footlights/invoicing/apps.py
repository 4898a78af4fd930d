from footlights.kernel.contexts import ContextConfig


class InvoicingConfig(ContextConfig):
    name = "footlights.invoicing"

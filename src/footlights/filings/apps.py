from footlights.kernel.contexts import ContextConfig


class FilingsConfig(ContextConfig):
    name = "footlights.filings"

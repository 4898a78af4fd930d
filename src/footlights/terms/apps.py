from footlights.kernel.contexts import ContextConfig


class TermsConfig(ContextConfig):
    name = "footlights.terms"

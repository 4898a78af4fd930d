from footlights.kernel.contexts import ContextConfig


class SplitsConfig(ContextConfig):
    name = "footlights.splits"

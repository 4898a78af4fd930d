from footlights.kernel.contexts import ContextConfig


class KernelConfig(ContextConfig):
    name = "footlights.kernel"

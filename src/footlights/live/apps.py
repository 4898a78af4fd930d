from footlights.kernel.contexts import ContextConfig


class LiveConfig(ContextConfig):
    name = "footlights.live"

from footlights.kernel.contexts import ContextConfig


class MediaConfig(ContextConfig):
    name = "footlights.media"

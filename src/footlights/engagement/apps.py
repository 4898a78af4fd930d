from footlights.kernel.contexts import ContextConfig


class EngagementConfig(ContextConfig):
    name = "footlights.engagement"

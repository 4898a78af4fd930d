from footlights.kernel.contexts import ContextConfig


class WebConfig(ContextConfig):
    name = "footlights.web"

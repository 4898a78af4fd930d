from footlights.kernel.contexts import ContextConfig


class AlertsConfig(ContextConfig):
    name = "footlights.alerts"

from footlights.kernel.contexts import ContextConfig


class SubscriptionsConfig(ContextConfig):
    name = "footlights.subscriptions"

    def ready(self) -> None:
        super().ready()
        from footlights.subscriptions import subjects  # noqa: F401, PLC0415  plans can be shared from now on

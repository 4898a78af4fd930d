from footlights.kernel.contexts import ContextConfig


class LiveConfig(ContextConfig):
    name = "footlights.live"

    def ready(self) -> None:
        super().ready()
        from footlights.live import subjects  # noqa: F401, PLC0415  broadcasts can be shared from now on

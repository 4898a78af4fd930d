from footlights.kernel.contexts import ContextConfig


class PlaybackConfig(ContextConfig):
    name = "footlights.playback"

    def ready(self) -> None:
        super().ready()
        from footlights.playback import watch_time  # noqa: F401, PLC0415  the pass is shared by it from now on

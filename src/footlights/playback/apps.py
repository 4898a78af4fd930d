from footlights.kernel.contexts import ContextConfig


class PlaybackConfig(ContextConfig):
    name = "footlights.playback"

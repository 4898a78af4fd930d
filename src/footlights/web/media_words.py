"""A file's stages in words, for its creator and for administrators alike."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footlights.media.api import Asset


@dataclass(frozen=True, slots=True)
class StageLine:
    """One line of the stages component."""

    label: str
    state: str
    percent: int
    words: str


def stages_of(asset: Asset) -> list[StageLine]:
    return [stage_line(stage.name, stage.state, stage.percent, stage.seconds_left) for stage in asset.stages]


def stage_line(name: str, state: str, percent: int, seconds_left: int | None) -> StageLine:
    labels = {
        "upload": _("Upload"),
        "check": _("Check the file"),
        "first": _("Get it ready to play"),
        "quality": _("Make the other qualities"),
        "finish": _("Finish"),
    }
    words = ""
    if state == "running":
        words = " · ".join(part for part in (f"{percent} %", time_left(seconds_left)) if part)
    elif state == "done":
        words = _("done")
    return StageLine(labels[name], state, percent, words)


def time_left(seconds: int | None) -> str:
    """Roughly, as people say it."""
    if seconds is None:
        return ""
    if seconds < 60:  # noqa: PLR2004  a minute
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 90:  # noqa: PLR2004  an hour and a half
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}
    hours = round(seconds / 3600)
    return ngettext("about %(count)d hour left", "about %(count)d hours left", hours) % {"count": hours}

"""What a broadcast's figures mean, and what to do about them, in a creator's words. Pure."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from footlights.live.api import Broadcast

LOW_BPS = 1_000_000
FEW_FRAMES = 20
KEY_FRAME_MAX_MS = 4_500
BEHIND_S = 3
SILENT_S = FROZEN_S = 3
RESTART_TOLD_S = 60
QUIET_DB, LOUD_DB = -40, -6


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `advice` is empty while all is well; `level_db` is drawn as a meter."""

    name: str
    value: str
    advice: str = ""
    level_db: float | None = None

    @property
    def meter(self) -> str:
        """The level as HTML writes a number, whatever the language; "" for what has none."""
        return "" if self.level_db is None else f"{self.level_db:.1f}"


def lines_of(broadcast: Broadcast) -> list[Line]:
    figures = broadcast.signal.figures
    return [_rate(figures), _frames(figures), _keys(figures), _sound(figures), *_backup(figures), *_server(figures)]


def _rate(figures: dict[str, Any]) -> Line:
    bps = figures.get("bitrate_bps") or 0
    value = _("%(mbps).1f Mbit/s") % {"mbps": bps / 1e6}
    advice = _("Your connection brings little. A cable instead of Wi-Fi often helps.") if bps < LOW_BPS else ""
    return Line(_("Arrives"), value, advice)


def _frames(figures: dict[str, Any]) -> Line:
    frames = figures.get("frames_per_s") or 0
    size = _("%(width)d × %(height)d, ") % figures if figures.get("width") and figures.get("height") else ""
    value = size + _("%(frames)d pictures a second") % {"frames": round(frames)}
    advice = ""
    if not frames:
        advice = _("No picture arrives. Look in your encoder whether a scene is chosen.")
    elif frames < FEW_FRAMES:
        advice = _("The picture may stutter. Choose 30 frames a second, or close other programs.")
    elif (figures.get("frozen_s") or 0) >= FROZEN_S:
        value = size + _("unmoved for %(seconds)d s") % {"seconds": round(figures["frozen_s"])}
        advice = _("It stands still. If that is no still picture of yours, look at your camera and your scene.")
    return Line(_("Picture"), value, advice)


def _keys(figures: dict[str, Any]) -> Line:
    every_ms = figures.get("key_every_ms")
    if not every_ms:
        return Line(_("Whole pictures"), _("counting"))
    value = _("every %(seconds).1f s") % {"seconds": every_ms / 1000}
    advice = _("Set the keyframe interval to 2 s in your encoder.") if every_ms > KEY_FRAME_MAX_MS else ""
    return Line(_("Whole pictures"), value, advice)


def _sound(figures: dict[str, Any]) -> Line:
    nobody = _("Nobody hears you. Look whether a microphone is chosen and not muted.")
    if not figures.get("has_sound"):
        return Line(_("Sound"), _("none"), nobody)
    level_db, silent_s = figures.get("level_db"), figures.get("silent_s") or 0
    if level_db is None:
        return Line(_("Sound"), _("arrives"))
    if silent_s >= SILENT_S:
        return Line(_("Sound"), _("silent for %(seconds)d s") % {"seconds": round(silent_s)}, nobody, level_db)
    advice = ""
    if level_db < QUIET_DB:
        advice = _("It is very quiet. Turn the microphone up, or come nearer to it.")
    elif level_db > LOUD_DB:
        advice = _("It is too loud and may crackle. Turn the microphone down.")
    return Line(_("Sound"), _("%(level)d dB") % {"level": round(level_db)}, advice, level_db)


def _backup(figures: dict[str, Any]) -> list[Line]:
    """Nothing for whoever has one encoder."""
    name = _("Second encoder")
    if figures.get("shows_backup"):
        is_back = figures.get("has_main")
        advice = _("The first one fell silent. It is shown again once it was back for ten seconds.")
        return [Line(name, _("viewers see it"), "" if is_back else advice)]
    return [Line(name, _("ready"))] if figures.get("has_backup") else []


def _server(figures: dict[str, Any]) -> list[Line]:
    """Nothing while it does what it should."""
    behind_s, restarted_s = figures.get("behind_s") or 0, figures.get("restarted_s")
    if behind_s >= BEHIND_S:
        value = _("%(seconds)d s behind") % {"seconds": round(behind_s)}
        advice = _("The server cannot keep up. Tell whoever runs it; a smaller picture helps meanwhile.")
    elif restarted_s is not None and restarted_s < RESTART_TOLD_S:
        value = _("began anew %(seconds)d s ago") % {"seconds": round(restarted_s)}
        advice = _(
            "Its converter stood still or was too slow and was started again by itself. Viewers may have waited."
        )
    else:
        return []
    return [Line(_("This server"), value, advice)]

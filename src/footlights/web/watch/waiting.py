"""How far a film is that cannot play yet, in a viewer's words."""

from typing import Any

from django.utils.translation import gettext as _

from footlights.media.api import Asset


def describe_waiting(asset: Asset | None) -> dict[str, Any]:
    """`percent` to the first playable version, `stage` in words, `seconds_left` if known, whether it `failed`."""
    if asset is None:
        return {"failed": False, "percent": 0, "stage": _("Waiting for the upload"), "seconds_left": None}
    labels = {"upload": _("Uploading"), "check": _("Checking the file"), "first": _("Preparing the picture and sound")}
    stages = [stage for stage in asset.stages if stage.name in labels]
    current = next((stage for stage in stages if stage.state != "done"), None)
    return {
        "failed": asset.state in {"failed", "rejected"},
        "percent": sum(stage.percent for stage in stages) // max(1, len(stages)),
        "stage": labels[current.name] if current else _("Almost ready"),
        "seconds_left": current.seconds_left if current else None,
    }

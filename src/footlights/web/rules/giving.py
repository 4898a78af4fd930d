"""Giving: tips."""

from footlights.web.rules.needs import OWNER, SIGNED_IN, Surface

GIVING = Surface(
    needs={
        "giving:tip_channel": SIGNED_IN,
        "giving:tip_title": SIGNED_IN,
        "giving:tip": OWNER,
        "giving:tip_returned": OWNER,
    },
)

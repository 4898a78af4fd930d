"""Giving: tips, gifts and press codes."""

from footlights.web.rules.needs import ANYBODY, OWNER, PROOF, SIGNED_IN, Surface

GIVING = Surface(
    needs={
        "giving:tip_channel": SIGNED_IN,
        "giving:tip_title": SIGNED_IN,
        "giving:tip": OWNER,
        "giving:tip_returned": OWNER,
        "giving:give": SIGNED_IN,
        "giving:give_collection": SIGNED_IN,
        "giving:give_ticket": SIGNED_IN,
        "giving:gifts": SIGNED_IN,
        "giving:gift": OWNER,
        "giving:gift_sent": OWNER,
        "giving:gift_returned": OWNER,
        "giving:code": ANYBODY,
        "giving:opening": PROOF,  # the gift's code
        "giving:press_code": ANYBODY,
        "giving:press": PROOF,  # the code itself
    },
)

"""Broadcasts, as viewers see them, and what the ingest asks."""

from footlights.web.rules.needs import ANYBODY, PROOF, SIGNED_IN, Surface

LIVE = Surface(
    needs={
        # Live
        "live:now": ANYBODY,
        "live:watch": ANYBODY,
        "live:calendar": ANYBODY,
        "live:reminder": SIGNED_IN,
        "live:no_reminder": PROOF,  # the token in a mail
        "live:licence": ANYBODY,  # may_join decides
        "live:hook": PROOF,
    },
    background=frozenset({"live:licence", "live:hook"}),
)

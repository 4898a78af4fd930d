"""Broadcasts, as viewers see them, and what the ingest asks."""

from footlights.web.rules.needs import ANYBODY, PROOF, Surface

LIVE = Surface(
    needs={
        # Live
        "live:now": ANYBODY,
        "live:watch": ANYBODY,
        "live:licence": ANYBODY,  # may_join decides
        "live:hook": PROOF,
    },
    background=frozenset({"live:licence", "live:hook"}),
)

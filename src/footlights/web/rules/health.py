"""What machines ask about the service, and what exists in development only."""

from footlights.web.rules.needs import ANYBODY, PROOF, Surface

HEALTH = Surface(
    needs={
        # Health and development
        "health:live": ANYBODY,
        "health:ready": ANYBODY,
        "health:metrics": PROOF,
        "styleguide": ANYBODY,  # exists in debug only
    },
)

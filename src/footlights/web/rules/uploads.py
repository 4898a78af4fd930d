"""Uploads by tus."""

from footlights.web.rules.needs import OWNER, SIGNED_IN, Surface

UPLOADS = Surface(
    needs={
        # Uploads by tus
        "uploads:collection": SIGNED_IN,
        "uploads:item": OWNER,
    },
    background=frozenset(
        {
            "uploads:collection",
            "uploads:item",
        }
    ),
)

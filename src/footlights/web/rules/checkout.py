"""Buying."""

from footlights.web.rules.needs import OWNER, SIGNED_IN, Surface

CHECKOUT = Surface(
    needs={
        # Checkout
        "checkout:collection_offer": SIGNED_IN,
        "checkout:offer": SIGNED_IN,
        "checkout:purchase": OWNER,
        "checkout:refund": OWNER,
    },
)

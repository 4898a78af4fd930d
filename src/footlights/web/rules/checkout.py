"""Buying."""

from footlights.web.rules.needs import ANYBODY, OWNER, PROOF, SIGNED_IN, Surface

CHECKOUT = Surface(
    needs={
        # Checkout
        "checkout:collection_offer": ANYBODY,
        "checkout:offer": ANYBODY,
        "checkout:ticket": ANYBODY,
        "checkout:keep": SIGNED_IN,
        "checkout:kept": PROOF,  # the signed link in the mail
        "checkout:purchase": OWNER,
        "checkout:refund": OWNER,
    },
)

"""Becoming a member, and what one is a member of."""

from footlights.web.rules.needs import ANYBODY, OWNER, PROOF, SIGNED_IN, Surface

MEMBERSHIPS = Surface(
    needs={
        "memberships:pass": ANYBODY,
        "memberships:tiers": ANYBODY,
        "memberships:join": SIGNED_IN,
        "memberships:joined": OWNER,
        "memberships:own": SIGNED_IN,
        "memberships:membership": OWNER,
        "memberships:plan": OWNER,
        "memberships:paused": OWNER,
        "memberships:continued": OWNER,
        "memberships:cancelled": OWNER,
        "memberships:cancelled_by_mail": PROOF,  # the signed link in a mail
        "memberships:cards": SIGNED_IN,
        "memberships:card": OWNER,
    },
)

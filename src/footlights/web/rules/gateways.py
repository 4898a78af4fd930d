"""What payment services call."""

from footlights.web.rules.needs import PROOF, Surface

GATEWAYS = Surface(
    needs={
        # Gateways
        "webhooks": PROOF,
        "sandbox_gateway": PROOF,  # its address is the proof
        "sandbox_gateway_challenge": PROOF,
        "sandbox_gateway_turning_back": PROOF,
        "sandbox_gateway_payouts": PROOF,
    },
)

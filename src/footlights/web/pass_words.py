"""How the pass is shared, in the same words for viewers, creators and the house."""

from datetime import datetime
from typing import Any

from footlights.terms.api import PassSharing, SaleKind, fee_bps, pass_sharing

BPS_A_PERCENT = 100


def formula(at: datetime) -> dict[str, Any]:
    """What web/pass_formula.html says: the platform's share in percent, and whether each pays for what they watch."""
    return {
        "fee": f"{fee_bps(SaleKind.PASS, None, at) / BPS_A_PERCENT:g}",
        "by_subscriber": pass_sharing(at) is PassSharing.BY_SUBSCRIBER,
    }

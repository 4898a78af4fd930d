"""The pass in the same words wherever it is named: what it costs, and how it is shared."""

from datetime import datetime
from typing import Any
from uuid import UUID

from footlights.monetization.api import find_in_pass
from footlights.prices.api import Buyer
from footlights.subscriptions.api import find_pass
from footlights.terms.api import PassSharing, SaleKind, fee_bps, pass_sharing
from footlights.web.memberships.words import cheapest

BPS_A_PERCENT = 100


def formula(at: datetime) -> dict[str, Any]:
    """What web/pass_formula.html says: the platform's share in percent, and whether each pays for what they watch."""
    return {
        "fee": f"{fee_bps(SaleKind.PASS, None, at) / BPS_A_PERCENT:g}",
        "by_subscriber": pass_sharing(at) is PassSharing.BY_SUBSCRIBER,
    }


def pass_price(channel_id: UUID, buyer: Buyer, at: datetime) -> str:
    """“from €10.00 a month”, of the pass that opens this channel; empty where none does, by one query."""
    plan = find_pass(buyer) if find_in_pass(channel_id, at) else None
    return cheapest([plan]) if plan else ""

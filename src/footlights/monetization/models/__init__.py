"""The tables. People, titles and channels are ids here, never names; fields and constraints, no workflows."""

from footlights.monetization.models.coupons import CouponCodeRow, CouponRow, RedemptionRow
from footlights.monetization.models.entitlements import EntitlementRow
from footlights.monetization.models.events import EventRow
from footlights.monetization.models.grants import GivenCollectionRow, GrantRow
from footlights.monetization.models.memberships import MembershipRow
from footlights.monetization.models.offers import IS_CURRENT, KINDS, OfferRow
from footlights.monetization.models.parts import PartRow
from footlights.monetization.models.pass_channels import PassChannelRow
from footlights.monetization.models.press import PressCodeRow, PressPassRow, ScreeningRow
from footlights.monetization.models.priced import columns_of
from footlights.monetization.models.purchases import PurchaseRow
from footlights.monetization.models.returns import ReturnRow

__all__ = [
    "IS_CURRENT",
    "KINDS",
    "CouponCodeRow",
    "CouponRow",
    "EntitlementRow",
    "EventRow",
    "GivenCollectionRow",
    "GrantRow",
    "MembershipRow",
    "OfferRow",
    "PartRow",
    "PassChannelRow",
    "PressCodeRow",
    "PressPassRow",
    "PurchaseRow",
    "RedemptionRow",
    "ReturnRow",
    "ScreeningRow",
    "columns_of",
]

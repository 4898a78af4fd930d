"""The door of monetization."""

from footlights.monetization.errors import AlreadyYoursError, MonetizationError, OfferChangedError
from footlights.monetization.operations.buy_title import buy_title
from footlights.monetization.operations.change_price import change_price
from footlights.monetization.operations.note_return import note_return
from footlights.monetization.operations.refund_purchase import refund_purchase
from footlights.monetization.operations.require_offer import may_get
from footlights.monetization.operations.set_offers import set_offers
from footlights.monetization.operations.start_rental import start_rental
from footlights.monetization.queries import (
    daily_earnings,
    earning_currencies,
    earnings,
    earnings_by_title,
    explain_payment,
    fee_of,
    find_purchase,
    get_offer,
    get_purchase,
    list_entitlements,
    list_library,
    list_offers,
    list_purchases,
    list_sales,
    may_anybody_watch,
    may_go_on_watching,
    may_watch,
    offers_for_titles,
)
from footlights.monetization.records import (
    DailyEarnings,
    Decision,
    Earnings,
    Entitlement,
    NewOffer,
    Offer,
    OfferKind,
    PaymentStory,
    Purchase,
    PurchaseState,
    Reason,
    Sale,
    TitleEarnings,
)

__all__ = [
    "AlreadyYoursError",
    "DailyEarnings",
    "Decision",
    "Earnings",
    "Entitlement",
    "MonetizationError",
    "NewOffer",
    "Offer",
    "OfferChangedError",
    "OfferKind",
    "PaymentStory",
    "Purchase",
    "PurchaseState",
    "Reason",
    "Sale",
    "TitleEarnings",
    "buy_title",
    "change_price",
    "daily_earnings",
    "earning_currencies",
    "earnings",
    "earnings_by_title",
    "explain_payment",
    "fee_of",
    "find_purchase",
    "get_offer",
    "get_purchase",
    "list_entitlements",
    "list_library",
    "list_offers",
    "list_purchases",
    "list_sales",
    "may_anybody_watch",
    "may_get",
    "may_go_on_watching",
    "may_watch",
    "note_return",
    "offers_for_titles",
    "refund_purchase",
    "set_offers",
    "start_rental",
]

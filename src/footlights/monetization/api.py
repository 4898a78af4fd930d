"""The door of monetization."""

from footlights.monetization.attendance import Door, Event, Ticket
from footlights.monetization.attending import (
    TicketSales,
    find_ticket_offer,
    had_ticket,
    holds_ticket,
    list_ticket_holders,
    list_tickets,
    may_attend,
    ticket_sales,
)
from footlights.monetization.breakdown import earnings_by
from footlights.monetization.causes import COUPONS
from footlights.monetization.collections import (
    find_collection_offer,
    has_bought,
    kept_titles,
    list_granted_titles,
    list_parts,
    offers_for_collections,
)
from footlights.monetization.couponing import HOUSE_MOST_BPS, costs_at_most
from footlights.monetization.errors import (
    AlreadyYoursError,
    CountedError,
    CouponRefusedError,
    MonetizationError,
    NotReturnableError,
    OfferChangedError,
    PressCodeOverError,
    PressCodeTakenError,
    QuoteChangedError,
    StillUndecidedError,
)
from footlights.monetization.facets import Facet, PartEarnings, Source
from footlights.monetization.local import asked_at_home, subject_of
from footlights.monetization.naming import full_name
from footlights.monetization.operations.begin_screening import begin_screening
from footlights.monetization.operations.buy_title import buy_title
from footlights.monetization.operations.change_price import change_price
from footlights.monetization.operations.coupons import (
    make_coupon,
    make_house_coupon,
    withdraw_coupon,
    withdraw_house_coupon,
)
from footlights.monetization.operations.find_discount import find_member_coupon, get_member_coupon, takes_off
from footlights.monetization.operations.give_back_tickets import give_back_tickets
from footlights.monetization.operations.give_collection import give_collection, take_collection
from footlights.monetization.operations.give_title import give_title, take_title
from footlights.monetization.operations.grant_ticket import note_replay
from footlights.monetization.operations.keep_watched import keep_watched
from footlights.monetization.operations.memberships import (
    end_membership,
    grant_membership,
    hold_membership,
    is_held,
    release_membership,
)
from footlights.monetization.operations.note_return import note_return
from footlights.monetization.operations.press_passes import make_press_pass, withdraw_press_codes
from footlights.monetization.operations.price_abroad import agree_abroad
from footlights.monetization.operations.price_collection import price_collection
from footlights.monetization.operations.quote_gift import quote_gift
from footlights.monetization.operations.quote_offer import quote_offer
from footlights.monetization.operations.redeem_press_code import redeem_press_code
from footlights.monetization.operations.redeeming import release as release_coupon
from footlights.monetization.operations.redeeming import reserve_for_member
from footlights.monetization.operations.redeeming import settle as settle_coupon
from footlights.monetization.operations.refund_purchase import refund_purchase, return_purchase
from footlights.monetization.operations.sell_tickets import (
    note_event_began,
    note_event_moved,
    note_event_over,
    sell_tickets,
)
from footlights.monetization.operations.set_offers import set_offers
from footlights.monetization.operations.start_rental import start_rental
from footlights.monetization.operations.take_part import leave_pass, month_after, take_part
from footlights.monetization.passes import find_in_pass, list_in_pass
from footlights.monetization.press import (
    get_press_code,
    get_press_pass,
    list_held_press_codes,
    list_press_codes,
    list_press_passes,
)
from footlights.monetization.queries import (
    borne_with,
    daily_earnings,
    earning_currencies,
    earnings,
    earnings_by_title,
    explain_payment,
    find_offer,
    find_purchase,
    get_coupon,
    get_offer,
    get_purchase,
    get_sale,
    list_codes,
    list_coupons,
    list_entitlements,
    list_library,
    list_memberships,
    list_offers,
    list_purchases,
    list_sales,
    offers_for_titles,
    share_of,
    why_not_returned,
)
from footlights.monetization.records import (
    PERIODS_MAX,
    Breakdown,
    Choice,
    Coupon,
    CouponCode,
    CouponUse,
    Covers,
    Decision,
    EarlyPrice,
    Entitlement,
    InPass,
    Membership,
    NewCoupon,
    NewOffer,
    Offer,
    OfferKind,
    Part,
    Purchase,
    PurchaseState,
    Quote,
    Reason,
    Tax,
)
from footlights.monetization.refunding import parts_returned, return_postings
from footlights.monetization.reversing import reversed_by
from footlights.monetization.screening import (
    NewPressPass,
    PressCode,
    PressPass,
    PressTicket,
    Screening,
    begins_screening,
)
from footlights.monetization.takings import DailyEarnings, Earnings, PaymentStory, Sale, Share, TitleEarnings
from footlights.monetization.watching import may_anybody_watch, may_go_on_watching, may_watch

__all__ = [
    "COUPONS",
    "HOUSE_MOST_BPS",
    "PERIODS_MAX",
    "AlreadyYoursError",
    "Breakdown",
    "Choice",
    "CountedError",
    "Coupon",
    "CouponCode",
    "CouponRefusedError",
    "CouponUse",
    "Covers",
    "DailyEarnings",
    "Decision",
    "Door",
    "EarlyPrice",
    "Earnings",
    "Entitlement",
    "Event",
    "Facet",
    "InPass",
    "Membership",
    "MonetizationError",
    "NewCoupon",
    "NewOffer",
    "NewPressPass",
    "NotReturnableError",
    "Offer",
    "OfferChangedError",
    "OfferKind",
    "Part",
    "PartEarnings",
    "PaymentStory",
    "PressCode",
    "PressCodeOverError",
    "PressCodeTakenError",
    "PressPass",
    "PressTicket",
    "Purchase",
    "PurchaseState",
    "Quote",
    "QuoteChangedError",
    "Reason",
    "Sale",
    "Screening",
    "Share",
    "Source",
    "StillUndecidedError",
    "Tax",
    "Ticket",
    "TicketSales",
    "TitleEarnings",
    "agree_abroad",
    "asked_at_home",
    "begin_screening",
    "begins_screening",
    "borne_with",
    "buy_title",
    "change_price",
    "costs_at_most",
    "daily_earnings",
    "earning_currencies",
    "earnings",
    "earnings_by",
    "earnings_by_title",
    "end_membership",
    "explain_payment",
    "find_collection_offer",
    "find_in_pass",
    "find_member_coupon",
    "find_offer",
    "find_purchase",
    "find_ticket_offer",
    "full_name",
    "get_coupon",
    "get_member_coupon",
    "get_offer",
    "get_press_code",
    "get_press_pass",
    "get_purchase",
    "get_sale",
    "give_back_tickets",
    "give_collection",
    "give_title",
    "grant_membership",
    "had_ticket",
    "has_bought",
    "hold_membership",
    "holds_ticket",
    "is_held",
    "keep_watched",
    "kept_titles",
    "leave_pass",
    "list_codes",
    "list_coupons",
    "list_entitlements",
    "list_granted_titles",
    "list_held_press_codes",
    "list_in_pass",
    "list_library",
    "list_memberships",
    "list_offers",
    "list_parts",
    "list_press_codes",
    "list_press_passes",
    "list_purchases",
    "list_sales",
    "list_ticket_holders",
    "list_tickets",
    "make_coupon",
    "make_house_coupon",
    "make_press_pass",
    "may_anybody_watch",
    "may_attend",
    "may_go_on_watching",
    "may_watch",
    "month_after",
    "note_event_began",
    "note_event_moved",
    "note_event_over",
    "note_replay",
    "note_return",
    "offers_for_collections",
    "offers_for_titles",
    "parts_returned",
    "price_collection",
    "quote_gift",
    "quote_offer",
    "redeem_press_code",
    "refund_purchase",
    "release_coupon",
    "release_membership",
    "reserve_for_member",
    "return_postings",
    "return_purchase",
    "reversed_by",
    "sell_tickets",
    "set_offers",
    "settle_coupon",
    "share_of",
    "start_rental",
    "subject_of",
    "take_collection",
    "take_part",
    "take_title",
    "takes_off",
    "ticket_sales",
    "why_not_returned",
    "withdraw_coupon",
    "withdraw_house_coupon",
    "withdraw_press_codes",
]

"""What is sold in the simulated month: channels in three currencies, and in dollars; titles, prices, members, banks.

Taxes are paid in the European Union and in Canada. A title of each channel is cheaper at first, one costs what its
buyer says, and one is shared with somebody, as the lower tier is.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from footlights.accounts.testing import make_person, make_taxpayer
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.giving.testing import open_tips
from footlights.kernel.clock import now
from footlights.kernel.ids import new_token
from footlights.kernel.money import Money
from footlights.monetization.api import (
    Covers,
    EarlyPrice,
    NewCoupon,
    NewOffer,
    Offer,
    OfferKind,
    make_coupon,
    make_house_coupon,
    price_collection,
    set_offers,
    take_part,
)
from footlights.payments.api import sandbox
from footlights.payouts.api import begin_destination, creator_account
from footlights.prices.api import Market
from footlights.prices.testing import know_rates, sell_in
from footlights.splits.api import NewParty, SubjectKind, propose_split, sign_split
from footlights.subscriptions.api import Interval, NewTerms, Plan, offer_pass, offer_plan
from footlights.taxes.api import check_number
from footlights.taxes.testing import make_registration

CURRENCIES = {"EUR": 1, "JPY": 2, "KWD": 10}  # and what a price of 1.00 EUR is there, in minor units a cent
BANKS = ("pays", "pays", "pays", "returns", "refuses", "lost")
TITLES = 4
ABROAD = "USD"
COUPON, COUPON_USES = "SPRING", 20  # of each channel, for its members
SALE_COUPONS = ("RAIN", "FOG", "SNOW")  # of each channel, for what it sells: a part off, an amount, and all of it
HOUSE_COUPON, HOUSE_MEMBERS = "GALA", "ENCORE"  # of the platform, at every channel that sells in its currency
EARLY = timedelta(days=10)
SHARED_BPS = 2_500
BUSINESS = "DE136695976"  # a number that can be one


@dataclass
class Shop:
    """A channel with its owner, and all one can buy of it."""

    channel: Any
    owner: Any
    offers: list[Offer] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    season: Any = None
    all_of_it: Any = None


def open_house(channels: int) -> list[Shop]:
    """The channels take turns with currencies and banks."""
    staff = make_person(is_staff=True)
    know_rates(KWD="0.33")
    make_registration("EU", number="EU372000041")
    make_registration("CA")
    check_number(typed=BUSINESS, country="DE", at=now())
    month, year = Money(990, "EUR"), Money(9_900, "EUR")
    terms = [NewTerms(Interval.MONTH, month), NewTerms(Interval.YEAR, year)]
    offer_pass(editor_id=staff.id, name="The pass", words="", terms=terms, at=now())
    for new in _house_coupons():
        make_house_coupon(editor_id=staff.id, new=new, at=now())
    return [_open_shop(number) for number in range(channels)]


def _open_shop(number: int) -> Shop:
    owner = make_taxpayer("DE" if number % 2 else "FR")
    shop = Shop(channel=make_channel(owner), owner=owner)
    open_tips(shop.channel)
    sell_in(shop.channel, Market(ABROAD))
    currency = list(CURRENCIES)[number % len(CURRENCIES)]
    titles = [make_title(shop.channel) for _ in range(TITLES)]
    for place, title in enumerate(titles):
        offers = [NewOffer(OfferKind.RENT, _price(400, currency)), _to_keep(place, currency)]
        shop.offers += set_offers(title_id=title.id, editor_id=owner.id, offers=offers, at=now())
    _share(SubjectKind.TITLE, titles[2].id, owner)
    season = make_collection(shop.channel, *titles)
    all_of_it = price_collection(collection_id=season.id, editor_id=owner.id, price=_price(2_999, currency), at=now())
    shop.season, shop.all_of_it = season, all_of_it
    for tier, cents in ((1, 500), (2, 1_199)):
        terms = [
            _monthly(tier, _price(cents, currency), trial_days=7 if number % 4 == 0 else 0),
            NewTerms(Interval.YEAR, _price(cents * 10, currency)),
        ]
        plan = offer_plan(
            channel_id=shop.channel.id,
            editor_id=owner.id,
            tier=tier,
            name=f"Tier {tier}",
            words="",
            terms=terms,
            at=now(),
        )
        shop.plans.append(plan)
    _share(SubjectKind.PLAN, shop.plans[0].id, owner)
    if number % 3:
        take_part(channel_id=shop.channel.id, editor_id=owner.id, at=now())
    for new in _coupons(currency):
        make_coupon(channel_id=shop.channel.id, editor_id=owner.id, new=new, at=now())
    page = begin_destination(
        account=creator_account(shop.channel.id),
        by_id=owner.id,
        return_path="/studio/money/payouts",
        idempotency_key=new_token(),
        at=now(),
    )
    sandbox.choose_bank(page.rpartition("/")[2], bank=BANKS[number % len(BANKS)], at=now())
    return shop


def _to_keep(place: int, currency: str) -> NewOffer:
    offer = NewOffer(OfferKind.BUY, _price(999, currency))
    if place == 0:
        return replace(offer, early=EarlyPrice(_price(699, currency), None, now() + EARLY))
    return replace(offer, floor=_price(300, currency)) if place == 1 else offer


def _monthly(tier: int, price: Money, *, trial_days: int) -> NewTerms:
    """The higher tier is cheaper for its first month."""
    terms = NewTerms(Interval.MONTH, price, trial_days=trial_days)
    return terms if tier == 1 else replace(terms, intro_price=price.share_bps(5_000), intro_periods=1)


def _coupons(currency: str) -> list[NewCoupon]:
    part, amount, all_of_it = SALE_COUPONS
    return [
        NewCoupon(
            name="Spring", code=COUPON, percent_bps=3_000, uses_max=COUPON_USES, covers=Covers.MEMBERSHIPS, periods=2
        ),
        NewCoupon(name="Rain", code=part, percent_bps=1_250, uses_max=COUPON_USES, per_person_max=2),
        NewCoupon(name="Fog", code=amount, amount=_price(150, currency), uses_max=COUPON_USES),
        NewCoupon(name="Snow", code=all_of_it, percent_bps=10_000, uses_max=5, first_purchase_only=True),
    ]


def _house_coupons() -> list[NewCoupon]:
    most = Money(250, "EUR")
    return [
        NewCoupon(name="Gala", code=HOUSE_COUPON, percent_bps=3_333, most=most, uses_max=500, per_person_max=9),
        NewCoupon(
            name="Encore",
            code=HOUSE_MEMBERS,
            percent_bps=4_000,
            most=most,
            uses_max=500,
            covers=Covers.MEMBERSHIPS,
            periods=2,
        ),
    ]


def _share(kind: SubjectKind, subject_id: UUID, owner: Any) -> None:
    """A quarter of it is somebody else's."""
    mate = make_taxpayer("DE")
    parties = [NewParty(mate.email, SHARED_BPS)]
    agreement, _asked = propose_split(
        subject_kind=kind, subject_id=subject_id, parties=parties, by_id=owner.id, at=now()
    )
    sign_split(agreement_id=agreement.id, person_id=mate.id, at=now())


def _price(cents: int, currency: str) -> Money:
    return Money(cents * CURRENCIES[currency], currency)

"""The rules of selling and watching. Pure: what they need is given to them."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.ledger.api import Posting
from footlights.monetization import screening, sentences
from footlights.monetization.causes import COUPONS
from footlights.monetization.records import (
    Breakdown,
    Decision,
    EarlyPrice,
    Entitlement,
    Membership,
    NewOffer,
    OfferKind,
    Reason,
)
from footlights.monetization.screening import PressTicket
from footlights.splits.api import WHOLE_BPS, Shares, divide

COST_NOTHING = frozenset({OfferKind.FREE, OfferKind.MEMBERS, OfferKind.FOLLOWERS})
REPLAY_DAYS_MAX = 365
MAX_PRICE_MINOR = 10**9  # no film costs more; 10,000,000.00 in a currency with two digits


# Prices.


def check_offers(offers: Sequence[NewOffer]) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    kinds = [offer.kind for offer in offers]
    if len(set(kinds)) < len(kinds):
        raise InvalidInputError(_("Offer each way to get it once."), field="offers")
    if OfferKind.TICKET in kinds:
        raise InvalidInputError(_("Tickets are for broadcasts."), field="offers")
    if OfferKind.FREE in kinds and len(kinds) > 1:
        raise InvalidInputError(_("A free title cannot be sold as well. Choose one."), field="offers")
    if len({offer.price.currency for offer in offers}) > 1:
        raise InvalidInputError(_("All prices of a title are in one currency."), field="currency")
    for offer in offers:
        check_offer(offer)


def check_ticket(offer: NewOffer) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    if offer.kind is not OfferKind.TICKET:
        raise InvalidInputError(_("One comes to a broadcast by a ticket."), field="price")
    check_offer(offer)


def check_offer(offer: NewOffer) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    check_price(offer.kind, offer.price)
    if (offer.kind is OfferKind.MEMBERS) != bool(offer.tier and offer.tier > 0):
        raise InvalidInputError(_("Say from which tier on it is for members."), field="tier")
    _check_replay(offer)
    others = [offer.floor] if offer.floor is not None else []
    others += [offer.early.price] if offer.early else []
    if others and offer.kind in COST_NOTHING:
        raise InvalidInputError(_("What is free, or for members, has no price."), field="price")
    if any(each.currency != offer.price.currency for each in others):
        raise InvalidInputError(_("All prices of a title are in one currency."), field="currency")
    if offer.floor is not None and (offer.floor.amount_minor < 0 or offer.price < offer.floor):
        raise InvalidInputError(_("The least one can pay must not be above what you suggest."), field="floor")
    if offer.early:
        _check_early(offer.early, offer)


def _check_replay(offer: NewOffer) -> None:
    if offer.replay_days is None:
        return
    if offer.kind is not OfferKind.TICKET or not 0 <= offer.replay_days <= REPLAY_DAYS_MAX:
        words = _("The recording is open to ticket holders for up to %(most)d days, or for ever.")
        raise InvalidInputError(words % {"most": REPLAY_DAYS_MAX}, field="replay")


def _check_early(early: EarlyPrice, offer: NewOffer) -> None:
    if offer.floor is not None:
        words = _("Where buyers say what they pay, there is no early price. Choose one.")
        raise InvalidInputError(words, field="early")
    if not Money(0, offer.price.currency) < early.price < offer.price:
        raise InvalidInputError(_("The early price must be above zero and below the later one."), field="early")
    if early.from_at is not None and early.from_at >= early.until:
        raise InvalidInputError(_("The early price must end after it begins."), field="early_until")


def check_price(kind: OfferKind, price: Money) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    if kind in COST_NOTHING:
        if price:
            raise InvalidInputError(_("What is free, or for members, has no price."), field="price")
        return
    if price.amount_minor < 0:
        raise InvalidInputError(_("A price cannot be negative."), field="price")
    if not price:
        raise InvalidInputError(_("A price must be above zero. To give it away, choose “free”."), field="price")
    if price.amount_minor > MAX_PRICE_MINOR:
        highest = Money(MAX_PRICE_MINOR, price.currency).format()
        raise InvalidInputError(_("The highest price is %(price)s.") % {"price": highest}, field="price")


# The split of a sale.


def fee_of(net: Money, *, fee_bps: int) -> Money:
    """What the platform keeps: `fee_bps` ten-thousandths of the net, rounded half to even."""
    return net.share_bps(fee_bps)


def shares_of(breakdown: Breakdown, *, fee: Money, channel_id: uuid.UUID, shares: Shares) -> list[tuple[str, Money]]:
    """Who gets what of what is earned less the fee: the account of the channel, or those who share by agreement."""
    return divide(breakdown.earned - fee, shares or ((creator_account(channel_id), WHOLE_BPS),))


def sale_postings(
    *, breakdown: Breakdown, fee: Money, gateway: str, parts: Sequence[tuple[str, Money]]
) -> list[Posting]:
    """Tax, fee and parts sum to the total, and what the platform bears, exactly; a part that is nothing is left out."""
    tax = breakdown.tax
    postings = [
        Posting(f"gateway:{gateway}", breakdown.total),
        *([Posting(COUPONS, breakdown.borne)] if breakdown.borne else []),
        Posting(tax_account(tax.place), -tax.amount),
        Posting("platform:fees", -fee),
        *(Posting(account, -part) for account, part in parts),
    ]
    return [posting for posting in postings if posting.amount]


def tax_account(place: str) -> str:
    """Where tax waits to be paid to a country, or to a region of one."""
    return f"tax:{place.lower()}"


def creator_account(channel_id: uuid.UUID) -> str:
    return f"creator:{channel_id}"


# Who may watch.


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the decision rests on, for one viewer and one title."""

    signed_in: bool
    exists: bool  # it was not deleted
    visible: bool  # published, or open to whoever has its address
    is_manager: bool
    offer_kinds: frozenset[OfferKind]
    entitlements: Sequence[Entitlement]
    tier: int | None = None  # the lowest it is open to, when it is open to members
    memberships: Sequence[Membership] = ()  # of its channel, and the pass where the channel takes part in it
    press: Sequence[PressTicket] = ()  # for it, or for whatever its channel has out
    is_follower: bool = False  # of its channel; asked only where that opens it


def decide(standing: Standing, at: datetime) -> Decision:
    """The one decision. What was bought can be watched when its title is hidden or off sale, until it is deleted."""
    if standing.exists and standing.is_manager:
        return Decision(True, Reason.OWNER, _("You manage this title."))
    if not standing.exists:
        return Decision(False, Reason.NOT_PUBLISHED, _("This title is not available."))
    best = max((_judge(entitlement, at) for entitlement in standing.entitlements), key=_goodness, default=None)
    if best and best.allowed:
        return best
    press = _as_press(standing, at)
    if not standing.visible:
        return press or Decision(False, Reason.NOT_PUBLISHED, _("This title is not published."))
    return _by_its_offers(standing, best, press, at)


def _by_its_offers(  # noqa: PLR0911  first hit wins
    standing: Standing, best: Decision | None, press: Decision | None, at: datetime
) -> Decision:
    """What its offers say to somebody who holds nothing that opens it; `best` is the best of what they held.

    A screening of the press is the last to be used: it is counted.
    """
    if OfferKind.FREE in standing.offer_kinds:
        return Decision(True, Reason.FREE, _("Free for everybody."))
    member = _as_member(standing, at)
    if member and member.allowed:
        return member
    if OfferKind.FOLLOWERS in standing.offer_kinds and standing.is_follower:
        return Decision(True, Reason.FOLLOWER, _("You follow this channel."))
    if press and press.allowed:
        return press
    if closed := member or best or press:
        return closed
    if not standing.offer_kinds:
        return Decision(False, Reason.NOT_FOR_SALE, _("This title is not for sale yet."))
    if not standing.signed_in:
        return Decision(False, Reason.SIGN_IN, _("Sign in to watch what you own, or to get it."))
    if standing.offer_kinds == {OfferKind.MEMBERS}:
        return Decision(False, Reason.MUST_JOIN, _("Only for members."))
    if OfferKind.FOLLOWERS in standing.offer_kinds:
        return Decision(False, Reason.MUST_FOLLOW, _("For who follows the channel."))
    return Decision(False, Reason.MUST_BUY, _("Not bought yet."))


def _as_member(standing: Standing, at: datetime) -> Decision | None:
    """What the longest of the memberships that reach the title's tier says; else the pass, which reaches all on offer.

    None when there is neither. One that is held says so when no other opens it.
    """
    lasting = [each for each in standing.memberships if is_member(each, at)]
    own = [each for each in lasting if each.channel_id and standing.tier and each.tier >= standing.tier]
    passes = [each for each in lasting if each.channel_id is None and standing.offer_kinds]
    for reason, found in ((Reason.MEMBER, own), (Reason.PASS, passes)):
        opening = [each for each in found if each.held_at is None]
        if longest := max(opening, key=lambda each: each.until, default=None):
            return Decision(True, reason, _explain_membership(longest, at), longest.until)
    return Decision(False, Reason.HELD, _explain_held()) if own or passes else None


def _as_press(standing: Standing, at: datetime) -> Decision | None:
    """What the best press code says; one for all of a channel opens only what is out."""
    tickets = [each for each in standing.press if each.title_id or standing.visible]
    best = screening.best_of(tickets, at)
    return screening.judge(best, at) if best else None


def is_member(membership: Membership, at: datetime) -> bool:
    """The moment it lasts until is out."""
    return at < membership.until and (membership.ended_at is None or at < membership.ended_at)


def _judge(entitlement: Entitlement, at: datetime) -> Decision:
    explanation = _explain(entitlement, at)
    if entitlement.revoked_at:
        return Decision(False, Reason.REFUNDED, explanation)
    if entitlement.held_at:
        return Decision(False, Reason.HELD, _explain_held())
    if is_over(entitlement, at):
        return Decision(False, Reason.RENTAL_OVER, explanation, entitlement.ends_at or entitlement.start_by)
    if entitlement.kind is not OfferKind.RENT:
        return Decision(True, _HELD_AS.get(entitlement.kind, Reason.BOUGHT), explanation, entitlement.ends_at)
    start_by = None if entitlement.ends_at else entitlement.start_by
    return Decision(True, Reason.RENTED, explanation, entitlement.ends_at, start_by)


# Written when it is read: most decisions are only asked for their yes.
_explain = cast("Callable[[Entitlement, datetime], str]", lazy(sentences.explain, str))
_explain_held = lazy(sentences.explain_held, str)
_explain_membership = cast("Callable[[Membership, datetime], str]", lazy(sentences.explain_membership, str))


_HELD_AS = {OfferKind.FREE: Reason.FREE, OfferKind.TICKET: Reason.TICKET}


def _goodness(decision: Decision) -> tuple[bool, bool]:
    lasts = decision.reason is Reason.TICKET and decision.ends_at is None
    return decision.allowed, lasts or decision.reason in {Reason.BOUGHT, Reason.RENTAL_OVER, Reason.HELD}


# Rentals.


def is_over(entitlement: Entitlement, at: datetime) -> bool:
    """A rental is over some hours after its start, or when it was never started in time. The end itself is out."""
    end = entitlement.ends_at or entitlement.start_by
    return end is not None and at >= end


def rental_start_by(*, granted_at: datetime, start_within_days: int) -> datetime:
    return granted_at + timedelta(days=start_within_days)


def rental_ends_at(*, started_at: datetime, watch_hours: int) -> datetime:
    return started_at + timedelta(hours=watch_hours)

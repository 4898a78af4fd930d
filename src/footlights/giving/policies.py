"""The rules of giving. Pure: what they need is given to them."""

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footlights.giving.records import Gift, NewGift, State, TipLimits, Whose
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, exponent_of
from footlights.ledger.api import Posting
from footlights.splits.api import WHOLE_BPS, Shares, divide
from footlights.terms.api import PriceLimits, RefundTerms

MESSAGE_LENGTH_MAX = 200
ABOUT_LENGTH_MAX = 60
THANKS_LENGTH_MAX = 300
SUGGESTED_UNITS = (2, 5, 10, 20)
MOST_UNITS = 500  # where the terms name no ceiling: a mistyped tip stays a small mistake
UNIT_WITHOUT_DIGITS_MINOR = 100  # about a euro, in currencies that have no cents

# Whoever tries stolen cards gives small sums again and again, until some go through; so does who earns by them.
BURST_WITHIN = timedelta(hours=1)
BURST_PAID, BURST_DECLINED = 8, 4
# Behind one block of addresses there may be a school; to one receiver a whole hall gives at once, and few cards fail.
NETWORK_PAID, NETWORK_DECLINED = 24, 8
RECEIVER_DECLINED = 16

Part = tuple[str, Money]


# What nobody gives in good faith.


def is_burst(*, paid: int, declined: int, whose: Whose = Whose.ACCOUNT) -> bool:
    """Within BURST_WITHIN: too many that went through, or some after too many that did not.

    Of one account, of one block of addresses; of one receiver only where no fewer fail than go through.
    """
    if not paid:
        return False
    if whose is Whose.RECEIVER:
        return declined >= max(RECEIVER_DECLINED, paid)
    most_paid, most_declined = {
        Whose.ACCOUNT: (BURST_PAID, BURST_DECLINED),
        Whose.NETWORK: (NETWORK_PAID, NETWORK_DECLINED),
    }[whose]
    return paid >= most_paid or declined >= most_declined


# What one may give, and say.


def tip_limits(limits: PriceLimits, currency: str) -> TipLimits:
    """The platform's own limits where it set some; else from about a euro to five hundred."""
    digits = exponent_of(currency)
    unit = Money(10**digits if digits else UNIT_WITHOUT_DIGITS_MINOR, currency)
    least = limits.floor or unit
    most = limits.ceiling or max(Money(unit.amount_minor * MOST_UNITS, currency), least)
    offered = [Money(unit.amount_minor * units, currency) for units in SUGGESTED_UNITS]
    fitting = tuple(each for each in offered if not (each < least or most < each))
    return TipLimits(least=least, most=most, suggested=fitting or (least,))


def check_tip(amount: Money, limits: TipLimits) -> None:
    """Raises InvalidInputError with a sentence for the giver."""
    if amount.currency != limits.least.currency:
        raise InvalidInputError(
            _("Tips are in %(currency)s here.") % {"currency": limits.least.currency}, field="amount"
        )
    if amount < limits.least:
        words = _("The smallest tip is %(least)s.") % {"least": limits.least.format()}
        raise InvalidInputError(words, field="amount")
    if limits.most < amount:
        words = _("The largest tip is %(most)s. You can give several.") % {"most": limits.most.format()}
        raise InvalidInputError(words, field="amount")


def plain_words(typed: str, *, most: int) -> str:
    """What may be shown of it: no controls and no unseen marks but line breaks, no runs of empty lines.

    Raises InvalidInputError when it is too long.
    """
    kept = "".join(each for each in typed if each == "\n" or not unicodedata.category(each).startswith("C"))
    lines = [" ".join(line.split()) for line in kept.splitlines()]
    words = "\n".join(line for line in lines if line)
    if len(words) > most:
        raise InvalidInputError(_("Use at most %(most)d characters.") % {"most": most}, field="message")
    return words


# Where it goes.


def parts_of(net: Money, *, fee: Money, channel_id: uuid.UUID, shares: Shares) -> list[Part]:
    """Who gets what of the net less the fee: the channel, or those who share by agreement."""
    return divide(net - fee, shares or ((creator_account(channel_id), WHOLE_BPS),))


def earned_postings(*, source: str, net: Money, fee: Money, parts: Sequence[Part]) -> list[Posting]:
    """From `source` to the platform and the makers; a part that is nothing is left out."""
    postings = [Posting(source, net), Posting("platform:fees", -fee), *(Posting(who, -part) for who, part in parts)]
    return [posting for posting in postings if posting.amount]


def creator_account(channel_id: uuid.UUID) -> str:
    return f"creator:{channel_id}"


def shared_of(parts: Sequence[Part], channel_id: uuid.UUID) -> int:
    """What of the parts, in minor units, is not the channel's own."""
    own = creator_account(channel_id)
    return sum(part.amount_minor for account, part in parts if account != own)


# Giving it back.


def why_tip_not_returned(*, state: State, paid_at: datetime | None, terms: RefundTerms, at: datetime) -> str:
    """Why its giver cannot take a tip back by themselves, in a sentence; nothing when they can."""
    if state is not State.PAID or paid_at is None:
        return _("Nothing of yours is there to give back.")
    if not terms.within_days:
        return _("A tip stays given. Write to us if you gave it by mistake.")
    if at >= paid_at + timedelta(days=terms.within_days):
        words = ngettext(
            "That was possible for %(days)d day.", "That was possible for %(days)d days.", terms.within_days
        )
        return words % {"days": terms.within_days}
    return ""


# Gifts.

GIFT_MESSAGE_LENGTH_MAX = 500
SENDER_LENGTH_MAX = 60
SEND_WITHIN = timedelta(days=366)
SENT_TIMES_MAX = 5
RETURN_DAYS_MIN = 14  # to withdraw from a contract made at a distance: Directive 2011/83/EU, article 9


def check_gift(new: NewGift, at: datetime) -> NewGift:
    """As it is kept. Raises InvalidInputError with a sentence for the giver."""
    if new.send_at is not None and not new.recipient:
        raise InvalidInputError(_("Say whom it is for, or hand it over yourself."), field="recipient")
    if new.send_at is not None and not at <= new.send_at <= at + SEND_WITHIN:
        raise InvalidInputError(_("Choose a moment within a year from now."), field="send_at")
    return replace(
        new,
        message=plain_words(new.message, most=GIFT_MESSAGE_LENGTH_MAX),
        sender=" ".join(plain_words(new.sender, most=SENDER_LENGTH_MAX).split()),
    )


def paid_gift_postings(*, gateway: str, amount: Money, tax: Money, tax_account: str, account: str) -> list[Posting]:
    """What is paid for a gift is nobody's yet but the tax, which is owed from the sale on: what it buys is known."""
    postings = [Posting(gateway, amount), Posting(tax_account, -tax), Posting(account, -(amount - tax))]
    return [posting for posting in postings if posting.amount]


def tax_account(place: str) -> str:
    """Where tax waits to be paid to a country, or to a region of one."""
    return f"tax:{place.lower()}"


def why_gift_not_returned(gift: Gift, *, terms: RefundTerms, at: datetime) -> str:
    """Why its giver cannot have the money back by themselves, in a sentence; nothing when they can."""
    if gift.redeemed_at:
        return _("It was opened: it is theirs now.")
    if gift.state is not State.PAID or gift.paid_at is None:
        return _("Nothing of yours is there to give back.")
    days = max(terms.within_days, RETURN_DAYS_MIN)
    if at >= gift.paid_at + timedelta(days=days):
        return _("That was possible for %(days)d days. The gift waits for as long as you like.") % {"days": days}
    return ""
